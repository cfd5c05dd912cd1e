#include "include/COneDNN.h"

#include <stdlib.h>

#include "version.h"

// From libgomp, whose header comes with GCC only.
extern void omp_set_num_threads(int threads);

struct plumb_onednn_convolution {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  dnnl_primitive_desc_t description;
  dnnl_primitive_t primitive;
  dnnl_memory_t source, weights, bias, destination, scratch;
  // Of pictures with channels last and weights as PyTorch has them.
  tensor_description plain_source, plain_weights, plain_bias, plain_destination;
  int has_bias;
};

#define TRY(CALL)                                                                                            \
  do {                                                                                                       \
    const dnnl_status_t outcome = (CALL);                                                                    \
    if (outcome != dnnl_success) return (plumb_onednn_result){(int32_t)outcome, "oneDNN: " #CALL " failed"}; \
  } while (0)

static const plumb_onednn_result success = {0, ""};

static tensor_view ask(const plumb_onednn_convolution *c, dnnl_query_t what) {
  return dnnl_primitive_desc_query_md(c->description, what, 0);
}

static plumb_onednn_result describe_tensors(plumb_onednn_convolution *c, const plumb_onednn_convolution_options *o) {
  const dnnl_dims_t source = {o->batch, o->channels, o->height, o->width};
  const dnnl_dims_t weights = {o->output_channels, o->channels, o->kernel_height, o->kernel_width};
  const dnnl_dims_t destination = {o->batch, o->output_channels, o->output_height, o->output_width};
  const dnnl_dims_t bias = {o->output_channels};
  TRY(describe(&c->plain_source, 4, source, dnnl_nhwc));
  TRY(describe(&c->plain_weights, 4, weights, dnnl_oihw));
  TRY(describe(&c->plain_destination, 4, destination, dnnl_nhwc));
  TRY(describe(&c->plain_bias, 1, bias, dnnl_a));
  return success;
}

/// Asks for the convolution with the weights, and if wanted the pictures, in a layout oneDNN chooses.
static plumb_onednn_result choose(
    plumb_onednn_convolution *c, const plumb_onednn_convolution_options *o, dnnl_primitive_attr_t attributes, tensor_description any[3]) {
  const dnnl_dims_t source = {o->batch, o->channels, o->height, o->width};
  const dnnl_dims_t weights = {o->output_channels, o->channels, o->kernel_height, o->kernel_width};
  const dnnl_dims_t destination = {o->batch, o->output_channels, o->output_height, o->output_width};
  const dnnl_dims_t strides = {o->stride, o->stride}, padding = {o->padding, o->padding};
  dnnl_format_tag_t pictures = o->layout == plumb_onednn_preferred ? dnnl_format_tag_any : dnnl_nhwc;
  TRY(describe(&any[0], 4, source, pictures));
  TRY(describe(&any[1], 4, weights, dnnl_format_tag_any));
  TRY(describe(&any[2], 4, destination, pictures));
  TRY(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user));
  if (o->adds_residual) {
    dnnl_post_ops_t operations = NULL;
    TRY(dnnl_post_ops_create(&operations));
    dnnl_status_t status = append_sum(operations);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, operations);
    dnnl_post_ops_destroy(operations);
    TRY(status);
  }
  TRY(describe_convolution(
      &c->description, c->engine, view(&any[0]), view(&any[1]), view_or_none(&c->plain_bias, o->has_bias), view(&any[2]), strides,
      padding, attributes));
  return success;
}

static plumb_onednn_result prepare(plumb_onednn_convolution *c, const plumb_onednn_convolution_options *o) {
  TRY(dnnl_engine_create(&c->engine, dnnl_cpu, 0));
  TRY(dnnl_stream_create(&c->stream, c->engine, dnnl_stream_default_flags));
  plumb_onednn_result result = describe_tensors(c, o);
  if (result.status) return result;
  dnnl_primitive_attr_t attributes = NULL;
  TRY(dnnl_primitive_attr_create(&attributes));
  tensor_description any[3] = {0};
  result = choose(c, o, attributes, any);
  for (int i = 0; i < 3; i++) forget(&any[i]);
  dnnl_primitive_attr_destroy(attributes);
  if (result.status) return result;
  TRY(dnnl_primitive_create(&c->primitive, c->description));
  TRY(dnnl_memory_create(&c->source, ask(c, dnnl_query_src_md), c->engine, DNNL_MEMORY_NONE));
  TRY(dnnl_memory_create(&c->weights, ask(c, dnnl_query_weights_md), c->engine, DNNL_MEMORY_NONE));
  TRY(dnnl_memory_create(&c->bias, view(&c->plain_bias), c->engine, DNNL_MEMORY_NONE));
  TRY(dnnl_memory_create(&c->destination, ask(c, dnnl_query_dst_md), c->engine, DNNL_MEMORY_NONE));
  TRY(dnnl_memory_create(&c->scratch, ask(c, dnnl_query_scratchpad_md), c->engine, DNNL_MEMORY_NONE));
  c->has_bias = o->has_bias;
  return success;
}

plumb_onednn_result plumb_onednn_convolution_create(
    const plumb_onednn_convolution_options *options, plumb_onednn_convolution **convolution) {
  *convolution = NULL;
  plumb_onednn_convolution *c = calloc(1, sizeof *c);
  if (!c) return (plumb_onednn_result){dnnl_out_of_memory, "oneDNN: not enough memory"};
  plumb_onednn_result result = prepare(c, options);
  if (result.status) plumb_onednn_convolution_destroy(c);
  else *convolution = c;
  return result;
}

void plumb_onednn_convolution_destroy(plumb_onednn_convolution *c) {
  if (!c) return;
  dnnl_memory_t memories[] = {c->source, c->weights, c->bias, c->destination, c->scratch};
  for (int i = 0; i < 5; i++)
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  if (c->primitive) dnnl_primitive_destroy(c->primitive);
  if (c->description) dnnl_primitive_desc_destroy(c->description);
  if (c->stream) dnnl_stream_destroy(c->stream);
  if (c->engine) dnnl_engine_destroy(c->engine);
  forget(&c->plain_source);
  forget(&c->plain_weights);
  forget(&c->plain_bias);
  forget(&c->plain_destination);
  free(c);
}

size_t plumb_onednn_source_bytes(const plumb_onednn_convolution *c) { return dnnl_memory_desc_get_size(ask(c, dnnl_query_src_md)); }
size_t plumb_onednn_destination_bytes(const plumb_onednn_convolution *c) { return dnnl_memory_desc_get_size(ask(c, dnnl_query_dst_md)); }
size_t plumb_onednn_weight_bytes(const plumb_onednn_convolution *c) { return dnnl_memory_desc_get_size(ask(c, dnnl_query_weights_md)); }
size_t plumb_onednn_scratch_bytes(const plumb_onednn_convolution *c) {
  return dnnl_memory_desc_get_size(ask(c, dnnl_query_scratchpad_md));
}

static plumb_onednn_result run_reorder(dnnl_primitive_desc_t description, dnnl_memory_t from, dnnl_memory_t to, dnnl_stream_t stream) {
  dnnl_primitive_t primitive = NULL;
  TRY(dnnl_primitive_create(&primitive, description));
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
  dnnl_status_t status = dnnl_primitive_execute(primitive, stream, 2, arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(stream);
  dnnl_primitive_destroy(primitive);
  TRY(status);
  return success;
}

static plumb_onednn_result reorder(plumb_onednn_convolution *c, tensor_view from, const void *source, tensor_view to, void *destination) {
  dnnl_memory_t in = NULL, out = NULL;
  dnnl_primitive_desc_t description = NULL;
  // The memory is only read through `in`.
  dnnl_status_t status = dnnl_memory_create(&in, from, c->engine, (void *)source);
  if (status == dnnl_success) status = dnnl_memory_create(&out, to, c->engine, destination);
  if (status == dnnl_success) status = dnnl_reorder_primitive_desc_create(&description, from, c->engine, to, c->engine, NULL);
  plumb_onednn_result result = {(int32_t)status, "oneDNN: preparing a reorder"};
  if (status == dnnl_success) result = run_reorder(description, in, out, c->stream);
  if (description) dnnl_primitive_desc_destroy(description);
  if (in) dnnl_memory_destroy(in);
  if (out) dnnl_memory_destroy(out);
  return result;
}

plumb_onednn_result plumb_onednn_pack_weights(plumb_onednn_convolution *c, const float *weight, void *packed) {
  return reorder(c, view(&c->plain_weights), weight, ask(c, dnnl_query_weights_md), packed);
}

plumb_onednn_result plumb_onednn_pack_source(plumb_onednn_convolution *c, const float *channels_last, void *source) {
  return reorder(c, view(&c->plain_source), channels_last, ask(c, dnnl_query_src_md), source);
}

plumb_onednn_result plumb_onednn_unpack_destination(plumb_onednn_convolution *c, const void *destination, float *channels_last) {
  return reorder(c, ask(c, dnnl_query_dst_md), destination, view(&c->plain_destination), channels_last);
}

plumb_onednn_result plumb_onednn_convolution_run(
    plumb_onednn_convolution *c, const void *source, const void *weights, const float *bias, void *destination, void *scratch) {
  TRY(dnnl_memory_set_data_handle(c->source, (void *)source));
  TRY(dnnl_memory_set_data_handle(c->weights, (void *)weights));
  TRY(dnnl_memory_set_data_handle(c->bias, (void *)bias));
  TRY(dnnl_memory_set_data_handle(c->destination, destination));
  TRY(dnnl_memory_set_data_handle(c->scratch, scratch));
  const dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, c->source},           {DNNL_ARG_WEIGHTS, c->weights}, {DNNL_ARG_DST, c->destination},
      {DNNL_ARG_SCRATCHPAD, c->scratch}, {DNNL_ARG_BIAS, c->bias},
  };
  TRY(dnnl_primitive_execute(c->primitive, c->stream, c->has_bias ? 5 : 4, arguments));
  TRY(dnnl_stream_wait(c->stream));
  return success;
}

const char *plumb_onednn_implementation(const plumb_onednn_convolution *c) {
  const char *text = NULL;
  dnnl_status_t status = dnnl_primitive_desc_query(c->description, dnnl_query_impl_info_str, 0, (void *)&text);
  return status == dnnl_success && text ? text : "unknown";
}

plumb_onednn_result plumb_onednn_limit_to_avx2(void) {
  TRY(dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2));
  return success;
}

void plumb_onednn_use_one_thread(void) { omp_set_num_threads(1); }

int32_t plumb_onednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}
