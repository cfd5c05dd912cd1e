#pragma once
#include <stdint.h>

/// x: [rows, width, parts] to y: [rows, parts, width].
void plumb_deinterleave(int64_t rows, int64_t width, int64_t parts, const float *x, float *y);
