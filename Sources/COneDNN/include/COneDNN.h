// A convolution by oneDNN, behind names of our own: no type of oneDNN's leaves this target, and its 2.x and 3.x, whose
// interfaces differ, look the same from outside. It is the peer the engine's own convolution is measured against, and a
// second opinion in tests.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// How pictures lie in memory.
typedef enum {
  plumb_onednn_channels_last = 0,  // [batch, height, width, channels]
  plumb_onednn_preferred = 1,      // whatever oneDNN is fastest with
} plumb_onednn_layout;

typedef struct {
  int64_t batch, channels, height, width;
  int64_t output_channels, output_height, output_width;
  int64_t kernel_height, kernel_width, stride, padding;
  int32_t has_bias;
  int32_t adds_residual;  // destination = destination + result
  plumb_onednn_layout layout;
} plumb_onednn_convolution_options;

/// A prepared convolution. It belongs to one thread at a time.
typedef struct plumb_onednn_convolution plumb_onednn_convolution;

/// 0, or oneDNN's status; `text` says which call failed.
typedef struct {
  int32_t status;
  const char *text;
} plumb_onednn_result;

/// Prepares a convolution, direct, in float32, with scratch memory given by the caller. On failure nothing is kept.
plumb_onednn_result plumb_onednn_convolution_create(
    const plumb_onednn_convolution_options *options, plumb_onednn_convolution **convolution);
void plumb_onednn_convolution_destroy(plumb_onednn_convolution *convolution);

/// Bytes of what the caller keeps, aligned to 64.
size_t plumb_onednn_source_bytes(const plumb_onednn_convolution *convolution);
size_t plumb_onednn_destination_bytes(const plumb_onednn_convolution *convolution);
size_t plumb_onednn_weight_bytes(const plumb_onednn_convolution *convolution);
size_t plumb_onednn_scratch_bytes(const plumb_onednn_convolution *convolution);

/// weight: [output_channels, channels, kernel_height, kernel_width], brought into the order the convolution wants.
plumb_onednn_result plumb_onednn_pack_weights(plumb_onednn_convolution *convolution, const float *weight, void *packed);
/// From channels last into the layout of the source, and from that of the destination back.
plumb_onednn_result plumb_onednn_pack_source(plumb_onednn_convolution *convolution, const float *channels_last, void *source);
plumb_onednn_result plumb_onednn_unpack_destination(
    plumb_onednn_convolution *convolution, const void *destination, float *channels_last);

/// bias: [output_channels], unused without `has_bias`. Everything lies in the caller's memory.
plumb_onednn_result plumb_onednn_convolution_run(
    plumb_onednn_convolution *convolution, const void *source, const void *weights, const float *bias, void *destination, void *scratch);

/// The library's name for the kernel chosen.
const char *plumb_onednn_implementation(const plumb_onednn_convolution *convolution);

/// Uses no instruction set above AVX2; fails once anything was prepared.
plumb_onednn_result plumb_onednn_limit_to_avx2(void);

/// The calling thread computes alone from now on.
void plumb_onednn_use_one_thread(void);

/// major * 10000 + minor * 100 + patch of the library in use.
int32_t plumb_onednn_version(void);
