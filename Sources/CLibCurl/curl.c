#include "CLibCurl.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode started = CURLE_FAILED_INIT;

static void start(void) { started = curl_global_init(CURL_GLOBAL_DEFAULT); }

struct running {
  CURL *curl;
  const struct plumb_curl_transfer *transfer;
  int stopped;
};

static size_t on_bytes(char *bytes, size_t size, size_t count, void *context) {
  struct running *running = context;
  long status = 0;
  curl_easy_getinfo(running->curl, CURLINFO_RESPONSE_CODE, &status);
  if (running->transfer->take(running->transfer->context, status, (const uint8_t *)bytes, size * count)) {
    running->stopped = 1;
    return size * count == 0 ? 1 : 0;
  }
  return size * count;
}

static int on_progress(void *context, curl_off_t total, curl_off_t received, curl_off_t to_send, curl_off_t sent) {
  struct running *running = context;
  (void)to_send;
  (void)sent;
  if (running->transfer->progress(running->transfer->context, received, total)) {
    running->stopped = 1;
    return 1;
  }
  return 0;
}

static void allow(CURL *curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_FILE));
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static int is_refusal(CURLcode code, long status) {
  switch (code) {
  case CURLE_HTTP_RETURNED_ERROR:
    // Too many requests and what a server may get over count as broken.
    return status != 408 && status != 429 && status < 500;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
  case CURLE_FILE_COULDNT_READ_FILE:
  case CURLE_TOO_MANY_REDIRECTS:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_REMOTE_FILE_NOT_FOUND:
    return 1;
  default:
    return 0;
  }
}

int plumb_curl_get(const char *url, int64_t offset, const struct plumb_curl_transfer *transfer, long *status, char *message) {
  char reason[CURL_ERROR_SIZE] = "", range[32];
  *status = 0;
  pthread_once(&once, start);
  CURL *curl = started == CURLE_OK ? curl_easy_init() : NULL;
  if (!curl) {
    snprintf(message, PLUMB_CURL_MESSAGE_SIZE, "libcurl cannot start");
    return PLUMB_CURL_BROKEN;
  }
  struct running running = {curl, transfer, 0};
  curl_easy_setopt(curl, CURLOPT_URL, url);
  allow(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "plumbline");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, transfer->connect_timeout);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, transfer->low_speed);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, transfer->low_speed_time);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &running);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &running);
  if (offset > 0) {
    // Not CURLOPT_RESUME_FROM, which takes a server's whole answer for a failure.
    snprintf(range, sizeof range, "%lld-", (long long)offset);
    curl_easy_setopt(curl, CURLOPT_RANGE, range);
  }
  CURLcode code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
  curl_easy_cleanup(curl);
  if (running.stopped) return PLUMB_CURL_STOPPED;
  if (code == CURLE_OK) return PLUMB_CURL_DONE;
  snprintf(message, PLUMB_CURL_MESSAGE_SIZE, "%s", reason[0] ? reason : curl_easy_strerror(code));
  return is_refusal(code, *status) ? PLUMB_CURL_REFUSED : PLUMB_CURL_BROKEN;
}
