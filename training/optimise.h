/*
 * Muon for the matrices, Adam for the embedding and the norms, and a running average of the
 * weights (what an interim export uses: it is far better than the weights while the learning
 * rate is high). Rates are those of a run whose learning rate has already come down to lr_scale.
 */
#define MUON_LR 0.02f
#define MUON_DECAY 0.05f
#define ADAM_LR 4e-3f
#define AVERAGE 0.004f

static real *scratch[THREADS][4];
static double beta1_power[16 + 16 * MAXL], beta2_power[16 + 16 * MAXL];

static void optimiser_room(void) {
  size_t big = (size_t)D * (F > D ? F : D) * sizeof(real);
  for (int i = 0; i < THREADS; i++)
    for (int j = 0; j < 4; j++) scratch[i][j] = room(big);
}

/* Five Newton-Schulz steps: x becomes roughly the nearest matrix with orthogonal rows or columns. */
static void orthogonalise(int id, real *x, int m, int n) {
  real *a = scratch[id][1], *b = scratch[id][2], *y = scratch[id][3], s = 0;
  int k = m < n ? m : n, wide = m <= n;
  for (int i = 0; i < m * n; i++) s += x[i] * x[i];
  s = 1 / (SQRT(s) + (real)1e-7);
  for (int i = 0; i < m * n; i++) x[i] *= s;
  for (int step = 0; step < 5; step++) {
    GEMM(CblasRowMajor, wide ? CblasNoTrans : CblasTrans, wide ? CblasTrans : CblasNoTrans, k, k,
         wide ? n : m, 1, x, n, x, n, 0, a, k);
    GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, k, k, k, 2.0315f, a, k, a, k, 0, b, k);
    for (int i = 0; i < k * k; i++) b[i] -= 4.7750f * a[i];
    if (wide)
      GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, b, k, x, n, 0, y, n);
    else
      GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, x, n, b, k, 0, y, n);
    for (int i = 0; i < m * n; i++) x[i] = 3.4445f * x[i] + y[i];
  }
}

static void update(int id, int t, real scale) {
  Tensor x = tensor[t];
  long n = (long)x.rows * x.cols;
  real *w = W + x.off, *g = G[0] + x.off, *m = M1 + x.off, *v = M2 + x.off, *e = EMA + x.off;
  if (x.kind == MUON) {
    real *u = scratch[id][0];
    for (long i = 0; i < n; i++) {
      m[i] = 0.95f * m[i] + g[i];
      u[i] = g[i] + 0.95f * m[i];
    }
    orthogonalise(id, u, x.rows, x.cols);
    real lr = MUON_LR * scale, shrink = 1 - lr * MUON_DECAY;
    if (x.rows > x.cols) lr *= SQRT((real)x.rows / x.cols);
    for (long i = 0; i < n; i++) w[i] = w[i] * shrink - lr * u[i];
  } else {
    /* the moments start again, with their correction, when a run is continued: harmless */
    if (beta1_power[t] == 0) beta1_power[t] = beta2_power[t] = 1;
    real c1 = 1 / (1 - (beta1_power[t] *= 0.9)), c2 = 1 / (1 - (beta2_power[t] *= 0.95));
    for (long i = 0; i < n; i++) {
      m[i] = 0.9f * m[i] + 0.1f * g[i];
      v[i] = 0.95f * v[i] + 0.05f * g[i] * g[i];
      w[i] -= ADAM_LR * scale * (m[i] * c1) / (SQRT(v[i] * c2) + (real)1e-10);
    }
  }
  for (long i = 0; i < n; i++) e[i] += AVERAGE * (w[i] - e[i]), g[i] = 0;
}
