#pragma once
#include <stdint.h>

/// y = x / 2 (1 + erf(x / sqrt(2))) (Hendrycks and Gimpel 2016), within about 1e-6 of the larger of 1 and |x|. In place is
/// fine.
void plumb_gelu(int64_t length, const float *x, float *y);

/// y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), their approximation. In place is fine.
void plumb_gelu_tanh(int64_t length, const float *x, float *y);
