/* The shape of the model and of a step. -D on the command line overrides any of them. */
#ifndef REAL
#define REAL float
#define GEMM cblas_sgemm
#define EXP expf
#define LOG logf
#define SQRT sqrtf
#else
#define GEMM cblas_dgemm
#define EXP exp
#define LOG log
#define SQRT sqrt
#endif
typedef REAL real;

#ifndef V
#define V 2048 /* vocabulary */
#endif
#ifndef D
#define D 192 /* width */
#endif
#ifndef L
#define L 5 /* layers */
#endif
#ifndef HKV
#define HKV 2 /* key/value heads */
#endif
#ifndef F
#define F 512 /* width inside SwiGLU */
#endif
#ifndef T
#define T 512 /* context */
#endif
#ifndef HD
#define HD 32 /* width of a head */
#endif
#ifndef ROWS
#define ROWS 1 /* rows of T positions that go through the matrix products together */
#endif
#ifndef CHUNKS
#define CHUNKS 8 /* chunks of ROWS rows in a step, over all threads */
#endif
#ifndef DROPOUT
#define DROPOUT 0.05f /* on the two branches of each layer */
#endif
#define THREADS 2
#define H (D / HD)
#define KV (HKV * HD)
#define QKV (D + 2 * KV)
#define N (ROWS * T)
#define LDP (T + 16) /* a row of attention weights; off a power of two, for the caches */
#define BLOCK 64     /* queries that are attended to together */
#define MAXL 16
#define WARMUP 100 /* steps */
#define HOLD 0.3   /* share of the time before the learning rate starts its way down to 0 */

enum { MUON, ADAM };
typedef struct {
  int rows, cols, kind;
  long off;
} Tensor;
