#pragma once
#include <stdint.h>

/// x: [rows, channels] to y: [rows, count], the `count` channels from `first` on.
void plumb_slice_channels(int64_t rows, int64_t channels, int64_t first, int64_t count, const float *x, float *y);
