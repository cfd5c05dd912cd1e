#pragma once
#include <stdint.h>

/// y = x * factor. In place is fine.
void plumb_scale(int64_t length, const float *x, float factor, float *y);
