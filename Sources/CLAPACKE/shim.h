#include <lapacke.h>

// OpenBLAS; its own cblas.h is not on the default path of every release.
void openblas_set_num_threads(int count);
void cblas_dgemm(int order, int trans_a, int trans_b, int m, int n, int k, double alpha, const double *a, int lda,
                 const double *b, int ldb, double beta, double *c, int ldc);
