#include "include/adjoint.h"

#include <math.h>
#include <string.h>

// Every kernel works on one sample after another in one order of additions: a sample's bits do not depend on its batch.

void plumb_insert_zeros(int64_t rows, int64_t height, int64_t width, int64_t channels, int64_t stride, int64_t out_height,
                        int64_t out_width, const float *x, float *y) {
  memset(y, 0, (size_t)(rows * out_height * out_width * channels) * sizeof(float));
  for (int64_t row = 0; row < rows; row++)
    for (int64_t i = 0; i < height; i++)
      for (int64_t j = 0; j < width; j++)
        memcpy(y + ((row * out_height + i * stride) * out_width + j * stride) * channels,
               x + ((row * height + i) * width + j) * channels, (size_t)channels * sizeof(float));
}

void plumb_group_norm_adjoint(int64_t rows, int64_t pixels, int64_t channels, int64_t groups, float epsilon, const float *x,
                              const float *dy, const float *weight, float *dx) {
  int64_t width = channels / groups;
  double count = (double)(pixels * width);
  for (int64_t row = 0; row < rows; row++) {
    const float *xs = x + row * pixels * channels, *ys = dy + row * pixels * channels;
    float *out = dx + row * pixels * channels;
    for (int64_t group = 0; group < groups; group++) {
      int64_t first = group * width;
      double sum = 0, squares = 0;
      for (int64_t p = 0; p < pixels; p++)
        for (int64_t c = first; c < first + width; c++) sum += xs[p * channels + c];
      double mean = sum / count;
      for (int64_t p = 0; p < pixels; p++)
        for (int64_t c = first; c < first + width; c++) {
          double d = xs[p * channels + c] - mean;
          squares += d * d;
        }
      double scale = 1 / sqrt(squares / count + (double)epsilon);
      double total = 0, slope = 0;
      for (int64_t p = 0; p < pixels; p++)
        for (int64_t c = first; c < first + width; c++) {
          double g = (double)ys[p * channels + c] * weight[c];
          total += g;
          slope += g * (xs[p * channels + c] - mean) * scale;
        }
      total /= count;
      slope /= count;
      for (int64_t p = 0; p < pixels; p++)
        for (int64_t c = first; c < first + width; c++) {
          double g = (double)ys[p * channels + c] * weight[c];
          double normed = (xs[p * channels + c] - mean) * scale;
          out[p * channels + c] = (float)(scale * (g - total - normed * slope));
        }
    }
  }
}

void plumb_silu_adjoint(int64_t count, const float *x, const float *dy, float *dx) {
  for (int64_t i = 0; i < count; i++) {
    float s = 1 / (1 + expf(-x[i]));
    dx[i] = dy[i] * (s * (1 + x[i] * (1 - s)));
  }
}

void plumb_relu_adjoint(int64_t count, const float *x, const float *dy, float *dx) {
  for (int64_t i = 0; i < count; i++) dx[i] = x[i] > 0 ? dy[i] : 0;
}

void plumb_mean_of_pixels_adjoint(int64_t rows, int64_t pixels, int64_t channels, const float *dy, float *dx) {
  for (int64_t row = 0; row < rows; row++, dy += channels)
    for (int64_t p = 0; p < pixels; p++, dx += channels)
      for (int64_t c = 0; c < channels; c++) dx[c] = dy[c] / (float)pixels;
}

void plumb_attention_adjoint(const plumb_attention_shape *shape, const float *qkv, const float *dy, float *dqkv, float *scratch) {
  int64_t tokens = shape->tokens, heads = shape->heads, width = shape->width;
  int64_t row = 3 * heads * width, result = heads * width;
  float scale = 1 / sqrtf((float)width);
  float *weights = scratch, *slopes = scratch + tokens;
  memset(dqkv, 0, (size_t)(tokens * row) * sizeof(float));
  for (int64_t head = 0; head < heads; head++) {
    int64_t base = head * shape->head_stride;
    const float *q = qkv + base + shape->query, *k = qkv + base + shape->key, *v = qkv + base + shape->value;
    float *dq = dqkv + base + shape->query, *dk = dqkv + base + shape->key, *dv = dqkv + base + shape->value;
    for (int64_t i = 0; i < tokens; i++) {
      const float *g = dy + i * result + head * width;
      float largest = -INFINITY;
      for (int64_t j = 0; j < tokens; j++) {
        float dot = 0;
        for (int64_t c = 0; c < width; c++) dot += q[i * row + c] * k[j * row + c];
        weights[j] = dot * scale;
        if (weights[j] > largest) largest = weights[j];
      }
      double sum = 0;
      for (int64_t j = 0; j < tokens; j++) {
        weights[j] = expf(weights[j] - largest);
        sum += weights[j];
      }
      double mean = 0;
      for (int64_t j = 0; j < tokens; j++) {
        weights[j] = (float)(weights[j] / sum);
        float dot = 0;
        for (int64_t c = 0; c < width; c++) dot += g[c] * v[j * row + c];
        slopes[j] = dot;
        mean += (double)weights[j] * dot;
      }
      for (int64_t j = 0; j < tokens; j++) {
        float slope = weights[j] * (slopes[j] - (float)mean) * scale;
        for (int64_t c = 0; c < width; c++) {
          dq[i * row + c] += slope * k[j * row + c];
          dk[j * row + c] += slope * q[i * row + c];
          dv[j * row + c] += weights[j] * g[c];
        }
      }
    }
  }
}

void plumb_token_pool(int64_t rows, int64_t pixels, int64_t channels, const float *x, const float *positions, float *y) {
  int64_t tokens = pixels + 1;
  for (int64_t row = 0; row < rows; row++) {
    const float *xs = x + row * pixels * channels;
    float *ys = y + row * tokens * channels;
    for (int64_t c = 0; c < channels; c++) {
      double sum = 0;
      for (int64_t p = 0; p < pixels; p++) sum += xs[p * channels + c];
      ys[c] = (float)(sum / (double)pixels) + positions[c * tokens];
    }
    for (int64_t p = 0; p < pixels; p++)
      for (int64_t c = 0; c < channels; c++) ys[(p + 1) * channels + c] = xs[p * channels + c] + positions[c * tokens + p + 1];
  }
}

void plumb_token_pool_adjoint(int64_t rows, int64_t pixels, int64_t channels, const float *dy, float *dx) {
  for (int64_t row = 0; row < rows; row++) {
    const float *ys = dy + row * (pixels + 1) * channels;
    float *xs = dx + row * pixels * channels;
    for (int64_t p = 0; p < pixels; p++)
      for (int64_t c = 0; c < channels; c++) xs[p * channels + c] = ys[(p + 1) * channels + c] + ys[c] / (float)pixels;
  }
}

static double log_sum(int64_t classes, const float *logits) {
  double largest = logits[0], sum = 0;
  for (int64_t c = 1; c < classes; c++)
    if (logits[c] > largest) largest = logits[c];
  for (int64_t c = 0; c < classes; c++) sum += exp(logits[c] - largest);
  return largest + log(sum);
}

void plumb_log_probability(int64_t rows, int64_t classes, const float *logits, const float *labels, int64_t label_stride,
                           float *y) {
  for (int64_t row = 0; row < rows; row++) {
    const float *own = logits + row * classes;
    y[row] = (float)(own[(int64_t)labels[row * label_stride]] - log_sum(classes, own));
  }
}

void plumb_log_probability_adjoint(int64_t rows, int64_t classes, const float *logits, const float *labels,
                                   int64_t label_stride, const float *dy, float *dx) {
  for (int64_t row = 0; row < rows; row++) {
    const float *own = logits + row * classes;
    double norm = log_sum(classes, own);
    int64_t label = (int64_t)labels[row * label_stride];
    for (int64_t c = 0; c < classes; c++)
      dx[row * classes + c] = (float)(dy[row] * ((c == label ? 1.0 : 0.0) - exp(own[c] - norm)));
  }
}
