#pragma once

#include <stddef.h>
#include <stdint.h>

// The one door to libpng. Its errors jump; they are caught on this side and come back as a status and a message, so
// that no libpng name, type or jump is seen above.

#define PLUMB_PNG_MESSAGE_SIZE 160

// Writes width x height pixels of `channels` 8-bit values (1 grey, 3 RGB; rows without padding) as a PNG.
// On success returns 0; *bytes (to be released with plumb_png_free) holds *length bytes. Otherwise returns -1 and
// puts a reason into `message` (PLUMB_PNG_MESSAGE_SIZE characters).
int plumb_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **bytes, size_t *length, char *message);

// Reads a PNG as 8-bit grey (1 channel) or RGB (3 channels): palettes and low bit depths are expanded, 16 bits are
// reduced to 8, alpha is dropped. Refuses images of more than `limit` pixels before taking memory for them.
// On success returns 0; *pixels is to be released with plumb_png_free. Otherwise returns -1 and fills `message`.
int plumb_png_decode(const uint8_t *bytes, size_t length, uint64_t limit, uint8_t **pixels, uint32_t *width, uint32_t *height, int *channels, char *message);

void plumb_png_free(uint8_t *memory);
