#include "include/instruction_set.h"

#include <stdatomic.h>

static atomic_int limit = plumb_avx2;

static int supported(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? plumb_avx2 : plumb_portable;
#else
  return plumb_portable;
#endif
}

plumb_instruction_set plumb_kernels_instruction_set(void) {
  static atomic_int best = -1;
  int known = atomic_load_explicit(&best, memory_order_relaxed);
  if (known < 0) {
    known = supported();
    atomic_store_explicit(&best, known, memory_order_relaxed);
  }
  int most = atomic_load_explicit(&limit, memory_order_relaxed);
  return (plumb_instruction_set)(known < most ? known : most);
}

void plumb_kernels_limit(plumb_instruction_set most) { atomic_store_explicit(&limit, most, memory_order_relaxed); }
