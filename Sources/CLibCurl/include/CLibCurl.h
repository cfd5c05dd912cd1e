#pragma once

#include <stddef.h>
#include <stdint.h>

// The one door to libcurl, whose options are variadic macros that Swift does not see: one transfer, with callbacks. No
// name or type of libcurl is seen above.

#define PLUMB_CURL_MESSAGE_SIZE 320

enum { PLUMB_CURL_DONE = 0, PLUMB_CURL_STOPPED = 1, PLUMB_CURL_REFUSED = 2, PLUMB_CURL_BROKEN = 3 };

struct plumb_curl_transfer {
  // Handed to the callbacks.
  void *context;
  // Takes bytes of the body; `status` is that of the response, 0 where the protocol has none. Not 0: stop.
  int (*take)(void *context, long status, const uint8_t *bytes, size_t count);
  // Called about once a second and as bytes come; `total` is what is to come in this transfer, 0 where unknown. Not 0: stop.
  int (*progress)(void *context, int64_t received, int64_t total);
  // In seconds; a transfer slower than `low_speed` bytes a second for `low_speed_time` seconds is given up.
  long connect_timeout, low_speed, low_speed_time;
};

// Gets `url` (http, https or file) from byte `offset` on, which asks the server for that range; a server that sends all
// of it instead answers with the status 200 and not 206.
// Returns PLUMB_CURL_DONE; STOPPED when a callback stopped it; REFUSED when the server or the address will not serve,
// which trying again does not change; BROKEN when the connection failed or ended early. *status is the last response's;
// on all but DONE and STOPPED, `message` (PLUMB_CURL_MESSAGE_SIZE characters) says why.
int plumb_curl_get(const char *url, int64_t offset, const struct plumb_curl_transfer *transfer, long *status, char *message);
