// The two interfaces of oneDNN as one: descriptors are values in 2.x and objects in 3.x, and 3.x makes a primitive
// without an operation descriptor in between.
#pragma once
#include <oneapi/dnnl/dnnl.h>

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t tensor_description;
typedef const_dnnl_memory_desc_t tensor_view;

static inline tensor_view view(const tensor_description *description) { return *description; }
static inline tensor_view view_or_none(const tensor_description *description, int present) { return present ? *description : NULL; }
static inline dnnl_status_t describe(tensor_description *description, int rank, const dnnl_dims_t extents, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(description, rank, extents, dnnl_f32, tag);
}
static inline void forget(tensor_description *description) {
  if (*description) dnnl_memory_desc_destroy(*description);
  *description = NULL;
}
static inline dnnl_status_t append_sum(dnnl_post_ops_t operations) {
  return dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef);
}
static inline dnnl_status_t describe_convolution(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, tensor_view source, tensor_view weights, tensor_view bias,
    tensor_view destination, const dnnl_dims_t strides, const dnnl_dims_t padding, dnnl_primitive_attr_t attributes) {
  const dnnl_dims_t dilation = {0, 0};
  return dnnl_convolution_forward_primitive_desc_create(
      result, engine, dnnl_forward_inference, dnnl_convolution_direct, source, weights, bias, destination, strides, dilation, padding,
      padding, attributes);
}
#else
typedef dnnl_memory_desc_t tensor_description;
typedef const dnnl_memory_desc_t *tensor_view;

static inline tensor_view view(const tensor_description *description) { return description; }
static inline tensor_view view_or_none(const tensor_description *description, int present) { return present ? description : NULL; }
static inline dnnl_status_t describe(tensor_description *description, int rank, const dnnl_dims_t extents, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(description, rank, extents, dnnl_f32, tag);
}
static inline void forget(tensor_description *description) { (void)description; }
static inline dnnl_status_t append_sum(dnnl_post_ops_t operations) { return dnnl_post_ops_append_sum(operations, 1.0f); }
static inline dnnl_status_t describe_convolution(
    dnnl_primitive_desc_t *result, dnnl_engine_t engine, tensor_view source, tensor_view weights, tensor_view bias,
    tensor_view destination, const dnnl_dims_t strides, const dnnl_dims_t padding, dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_convolution_forward_desc_init(
      &operation, dnnl_forward_inference, dnnl_convolution_direct, source, weights, bias, destination, strides, padding, padding);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL);
}
#endif
