#pragma once
#include <stdint.h>

/// x: [rows, width, patch, patch, channels] to y: [rows, patch, width, patch, channels], the rows of patches of all samples
/// one after the other.
void plumb_unpatchify(int64_t rows, int64_t width, int64_t patch, int64_t channels, const float *x, float *y);
