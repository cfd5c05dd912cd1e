#pragma once

/// What the kernels run on.
typedef enum { plumb_portable = 0, plumb_avx2 = 1 } plumb_instruction_set;

/// The instruction set in use: the best this machine has, unless limited.
plumb_instruction_set plumb_kernels_instruction_set(void);

/// Uses at most `limit` from now on, in the whole process. Results keep their bits; for tests and measurements.
void plumb_kernels_limit(plumb_instruction_set limit);
