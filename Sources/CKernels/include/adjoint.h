#pragma once
#include <stdint.h>
#include "attention.h"

/// Every pixel of x [rows, height, width, channels] at stride times its place in y [rows, out_height, out_width, channels];
/// zeros elsewhere.
void plumb_insert_zeros(int64_t rows, int64_t height, int64_t width, int64_t channels, int64_t stride, int64_t out_height,
                        int64_t out_width, const float *x, float *y);

/// The adjoint of group norm at x [rows, pixels, channels]: dx for the gradient dy of the result.
void plumb_group_norm_adjoint(int64_t rows, int64_t pixels, int64_t channels, int64_t groups, float epsilon, const float *x,
                              const float *dy, const float *weight, float *dx);

/// dy times the slope of SiLU at x.
void plumb_silu_adjoint(int64_t count, const float *x, const float *dy, float *dx);

/// dy where x is above 0, else 0.
void plumb_relu_adjoint(int64_t count, const float *x, const float *dy, float *dx);

/// dy [rows, channels] divided by the number of pixels, at every pixel of dx [rows, pixels, channels].
void plumb_mean_of_pixels_adjoint(int64_t rows, int64_t pixels, int64_t channels, const float *dy, float *dx);

/// The adjoint of dot-product attention of one sample: dqkv for the gradient dy of the result. `scratch` holds two rows
/// of as many floats as there are tokens.
void plumb_attention_adjoint(const plumb_attention_shape *shape, const float *qkv, const float *dy, float *dqkv, float *scratch);

/// The mean of the pixels of x [pixels, channels] in front of them, plus positions [channels, pixels + 1]: y [pixels + 1,
/// channels].
void plumb_token_pool(int64_t rows, int64_t pixels, int64_t channels, const float *x, const float *positions, float *y);
void plumb_token_pool_adjoint(int64_t rows, int64_t pixels, int64_t channels, const float *dy, float *dx);

/// log softmax(logits)[label] of each row.
void plumb_log_probability(int64_t rows, int64_t classes, const float *logits, const float *labels, int64_t label_stride,
                           float *y);
/// dy times its gradient: one at the label minus softmax.
void plumb_log_probability_adjoint(int64_t rows, int64_t classes, const float *logits, const float *labels,
                                   int64_t label_stride, const float *dy, float *dx);
