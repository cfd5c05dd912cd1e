#pragma once
#include <stdint.h>

/// For every row of x: [rows, width] the nearest of `entries` rows of table: [entries, width], by squared distance, summed
/// over the channels in order; the first of equally near ones.
/// chosen: [rows, width], those rows; indices: [rows], their numbers. Either may be NULL.
void plumb_nearest_row(
    int64_t rows, int64_t width, int64_t entries, const float *x, const float *table, float *chosen, float *indices);
