#include "CLibPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Everything a jump has to find again lives here and not in locals.
struct coder {
  jmp_buf failed;
  char *message;
  uint8_t *memory;  // encode: the growing file; decode: the pixels
  size_t length;
  size_t capacity;
  const uint8_t *input;
  size_t input_length;
  size_t offset;
  png_bytep *rows;
};

static void on_error(png_structp png, png_const_charp reason) {
  struct coder *coder = png_get_error_ptr(png);
  snprintf(coder->message, PLUMB_PNG_MESSAGE_SIZE, "%s", reason);
  longjmp(coder->failed, 1);
}

static void on_warning(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

static void append(png_structp png, png_bytep data, size_t count) {
  struct coder *coder = png_get_io_ptr(png);
  if (count > SIZE_MAX / 2 - coder->length) png_error(png, "the file is too large");
  if (coder->length + count > coder->capacity) {
    size_t capacity = (coder->length + count) * 2;
    uint8_t *memory = realloc(coder->memory, capacity);
    if (!memory) png_error(png, "out of memory");
    coder->memory = memory;
    coder->capacity = capacity;
  }
  memcpy(coder->memory + coder->length, data, count);
  coder->length += count;
}

static void flush(png_structp png) { (void)png; }

static void take(png_structp png, png_bytep data, size_t count) {
  struct coder *coder = png_get_io_ptr(png);
  if (count > coder->input_length - coder->offset) png_error(png, "the file ends early");
  memcpy(data, coder->input + coder->offset, count);
  coder->offset += count;
}

static int give_up(struct coder *coder) {
  free(coder->memory);
  free(coder->rows);
  return -1;
}

int plumb_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, uint8_t **bytes, size_t *length, char *message) {
  struct coder coder = {.message = message};
  png_infop info = NULL;
  snprintf(message, PLUMB_PNG_MESSAGE_SIZE, "libpng cannot start");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &coder, on_error, on_warning);
  if (png) info = png_create_info_struct(png);
  if (!info || setjmp(coder.failed)) {
    png_destroy_write_struct(&png, &info);
    return give_up(&coder);
  }
  png_set_write_fn(png, &coder, append, flush);
  png_set_IHDR(png, info, width, height, 8, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t row = 0; row < height; row++) png_write_row(png, pixels + (size_t)row * width * (size_t)channels);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  *bytes = coder.memory;
  *length = coder.length;
  return 0;
}

int plumb_png_decode(const uint8_t *bytes, size_t length, uint64_t limit, uint8_t **pixels, uint32_t *width, uint32_t *height, int *channels,
                     char *message) {
  struct coder coder = {.message = message, .input = bytes, .input_length = length};
  png_infop info = NULL;
  snprintf(message, PLUMB_PNG_MESSAGE_SIZE, "libpng cannot start");
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &coder, on_error, on_warning);
  if (png) info = png_create_info_struct(png);
  if (!info || setjmp(coder.failed)) {
    png_destroy_read_struct(&png, &info, NULL);
    return give_up(&coder);
  }
  png_set_read_fn(png, &coder, take);
  png_read_info(png, info);
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  *width = png_get_image_width(png, info);
  *height = png_get_image_height(png, info);
  *channels = png_get_channels(png, info);
  if ((uint64_t)*width * *height > limit) png_error(png, "the image is too large");
  size_t row_bytes = png_get_rowbytes(png, info);
  coder.memory = malloc(row_bytes * *height);
  coder.rows = malloc(sizeof(png_bytep) * *height);
  if (!coder.memory || !coder.rows) png_error(png, "out of memory");
  for (uint32_t row = 0; row < *height; row++) coder.rows[row] = coder.memory + row_bytes * row;
  png_read_image(png, coder.rows);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  free(coder.rows);
  *pixels = coder.memory;
  return 0;
}

void plumb_png_free(uint8_t *memory) { free(memory); }
