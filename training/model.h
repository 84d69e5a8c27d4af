/* The network: memory, pieces with their backward passes, and both passes over a chunk of rows. */

/* ---- one thread's working memory for a chunk of N positions ---- */

typedef struct {
  real *x, *r1, *xn1, *qkv, *att, *p, *x2, *r2, *xn2, *gu, *h;
} Layer;
typedef struct {
  Layer layer[MAXL];
  real *xl, *rf, *xf, *logits, *dx, *dn, *dqkv, *dgu, *dh, *ds, *branch;
  int *tok, *target, (*seg)[2], segs;
  real *tokloss;
  uint32_t seed;
  double loss;
} Work;
static Work work[THREADS];
static real *cosine, *sine;
static real dropout;

static void allocate(Work *w) {
  size_t n = N, s = sizeof(real);
  for (int l = 0; l < L; l++) {
    Layer *y = &w->layer[l];
    y->x = room(n * D * s), y->xn1 = room(n * D * s), y->att = room(n * D * s);
    y->x2 = room(n * D * s), y->xn2 = room(n * D * s);
    y->qkv = room(n * QKV * s), y->gu = room(n * 2 * F * s), y->h = room(n * F * s);
    y->r1 = room(n * s), y->r2 = room(n * s), y->p = room(n * H * LDP * s);
  }
  w->xl = room(n * D * s), w->rf = room(n * s), w->xf = room(n * D * s);
  w->logits = room(n * V * s), w->dx = room(n * D * s), w->dn = room(n * D * s);
  w->dqkv = room(n * QKV * s), w->dgu = room(n * 2 * F * s), w->dh = room(n * F * s);
  w->ds = room((size_t)BLOCK * LDP * s), w->branch = room(n * D * s);
  w->tok = room(n * sizeof(int)), w->target = room(n * sizeof(int));
  w->seg = room(n * sizeof(int[2])), w->tokloss = room(n * s);
}
static void rope_table(void) {
  cosine = room(T * HD / 2 * sizeof(real)), sine = room(T * HD / 2 * sizeof(real));
  for (int t = 0; t < T; t++)
    for (int i = 0; i < HD / 2; i++) {
      double a = t * pow(10000, -2.0 * i / HD);
      cosine[t * HD / 2 + i] = cos(a), sine[t * HD / 2 + i] = sin(a);
    }
}

/* ---- pieces: y = f(x) and the matching backward pass ---- */

static void rmsnorm(const real *x, const real *g, real *y, real *rs, int n) {
  for (int t = 0; t < n; t++, x += D, y += D) {
    real s = 0;
    for (int i = 0; i < D; i++) s += x[i] * x[i];
    real r = rs[t] = 1 / SQRT(s / D + (real)1e-5);
    for (int i = 0; i < D; i++) y[i] = x[i] * r * g[i];
  }
}
/* adds the gradient of x to dx */
static void rmsnorm_back(const real *x, const real *g, const real *rs, const real *dy, real *dg,
                         real *dx, int n) {
  for (int t = 0; t < n; t++, x += D, dy += D, dx += D) {
    real r = rs[t], s = 0;
    for (int i = 0; i < D; i++) s += dy[i] * g[i] * x[i];
    s *= r * r / D;
    for (int i = 0; i < D; i++) {
      dg[i] += dy[i] * x[i] * r;
      dx[i] += r * (dy[i] * g[i] - x[i] * s);
    }
  }
}
/* rotates queries and keys (the first D + KV columns); sign -1 turns gradients back */
static void rope(real *qkv, int n, real sign) {
  for (int t = 0; t < n; t++, qkv += QKV) {
    const real *c = cosine + t % T * HD / 2, *s = sine + t % T * HD / 2;
    for (int h = 0; h < D + KV; h += HD) {
      real *a = qkv + h, *b = a + HD / 2;
      for (int i = 0; i < HD / 2; i++) {
        real u = a[i], v = b[i], z = sign * s[i];
        a[i] = u * c[i] - v * z, b[i] = v * c[i] + u * z;
      }
    }
  }
}
/* inverted dropout: the mask is a hash of the position, so that nothing needs to be stored */
static void drop_add(real *y, const real *x, uint32_t seed, long n, int store) {
  if (dropout == 0) {
    for (long i = 0; i < n; i++) y[i] = (store ? 0 : y[i]) + x[i];
    return;
  }
  int32_t limit = (int32_t)(dropout * 16777216);
  real keep = 1 / (1 - dropout);
  for (long i = 0; i < n; i++) {
    uint32_t z = (uint32_t)i * 2654435769u + seed;
    z = (z ^ (z >> 16)) * 0x85ebca6bu;
    z = (z ^ (z >> 13)) * 0xc2b2ae35u;
    real m = (int32_t)((z ^ (z >> 16)) >> 8) < limit ? 0 : keep;
    y[i] = (store ? 0 : y[i]) + x[i] * m;
  }
}

/* Causal attention inside each segment, by blocks of queries: keys after a block are skipped. */
static void attention(Work *w, Layer *y) {
  real scale = 1 / SQRT((real)HD);
  for (int g = 0; g < w->segs; g++)
    for (int h = 0; h < H; h++) {
      int s = w->seg[g][0], e = w->seg[g][1], kv = h / (H / HKV) * HD;
      real *q = y->qkv + h * HD, *k = y->qkv + (long)s * QKV + D + kv, *v = k + KV;
      for (int i0 = s; i0 < e; i0 += BLOCK) {
        int i1 = i0 + BLOCK < e ? i0 + BLOCK : e, nk = i1 - s;
        real *p = y->p + ((long)h * N + i0) * LDP;
        GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, i1 - i0, nk, HD, scale, q + (long)i0 * QKV,
             QKV, k, QKV, 0, p, LDP);
        for (int i = i0; i < i1; i++) {
          real *row = p + (long)(i - i0) * LDP, top = row[0], sum = 0;
          int m = i - s + 1;
          for (int j = 1; j < m; j++) top = row[j] > top ? row[j] : top;
          for (int j = 0; j < m; j++) sum += row[j] = EXP(row[j] - top);
          sum = 1 / sum;
          for (int j = 0; j < m; j++) row[j] *= sum;
          for (int j = m; j < nk; j++) row[j] = 0;
        }
        GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, i1 - i0, HD, nk, 1, p, LDP, v, QKV, 0,
             y->att + (long)i0 * D + h * HD, D);
      }
    }
}
static void attention_back(Work *w, Layer *y, const real *datt) {
  real scale = 1 / SQRT((real)HD), *ds = w->ds;
  memset(w->dqkv, 0, (size_t)N * QKV * sizeof(real));
  for (int g = 0; g < w->segs; g++)
    for (int h = 0; h < H; h++) {
      int s = w->seg[g][0], e = w->seg[g][1], kv = h / (H / HKV) * HD;
      const real *q = y->qkv + h * HD, *k = y->qkv + (long)s * QKV + D + kv, *v = k + KV;
      real *dq = w->dqkv + h * HD, *dk = w->dqkv + (long)s * QKV + D + kv, *dv = dk + KV;
      for (int i0 = s; i0 < e; i0 += BLOCK) {
        int i1 = i0 + BLOCK < e ? i0 + BLOCK : e, nk = i1 - s, nq = i1 - i0;
        const real *p = y->p + ((long)h * N + i0) * LDP, *go = datt + (long)i0 * D + h * HD;
        GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, nq, nk, HD, 1, go, D, v, QKV, 0, ds, LDP);
        GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, nk, HD, nq, 1, p, LDP, go, D, 1, dv, QKV);
        for (int i = 0; i < nq; i++) {
          const real *pr = p + (long)i * LDP;
          real *dr = ds + (long)i * LDP, dot = 0;
          for (int j = 0; j < nk; j++) dot += pr[j] * dr[j];
          for (int j = 0; j < nk; j++) dr[j] = pr[j] * (dr[j] - dot) * scale;
        }
        GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, nq, HD, nk, 1, ds, LDP, k, QKV, 0,
             dq + (long)i0 * QKV, QKV);
        GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, nk, HD, nq, 1, ds, LDP,
             q + (long)i0 * QKV, QKV, 1, dk, QKV);
      }
    }
}

/* y[n x out] = x[n x in] w[out x in]^T, and its two gradients */
static void linear(const real *x, const real *w, real *y, int n, int in, int out) {
  GEMM(CblasRowMajor, CblasNoTrans, CblasTrans, n, out, in, 1, x, in, w, in, 0, y, out);
}
static void linear_back(const real *x, const real *w, const real *dy, real *dw, real *dx, int n,
                        int in, int out) {
  GEMM(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, n, 1, dy, out, x, in, 1, dw, in);
  GEMM(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, in, out, 1, dy, out, w, in, 0, dx, in);
}

/* ---- forward and backward over one chunk; `norm` is one over the tokens of the whole step ---- */

static void forward(Work *w, const real *P) {
  for (int t = 0; t < N; t++)
    memcpy(w->layer[0].x + (long)t * D, P + (long)w->tok[t] * D, D * sizeof(real));
  for (int l = 0; l < L; l++) {
    Layer *y = &w->layer[l];
    real *next = l + 1 < L ? w->layer[l + 1].x : w->xl;
    uint32_t seed = w->seed + 0x51ed270bu * (2 * l + 1);
    rmsnorm(y->x, P + off(l, NORM1), y->xn1, y->r1, N);
    linear(y->xn1, P + off(l, WQ), y->qkv, N, D, QKV);
    rope(y->qkv, N, 1);
    attention(w, y);
    linear(y->att, P + off(l, WO), w->branch, N, D, D);
    memcpy(y->x2, y->x, (size_t)N * D * sizeof(real));
    drop_add(y->x2, w->branch, seed, (long)N * D, 0);
    rmsnorm(y->x2, P + off(l, NORM2), y->xn2, y->r2, N);
    linear(y->xn2, P + off(l, WGATE), y->gu, N, D, 2 * F);
    for (int t = 0; t < N; t++) {
      const real *g = y->gu + (long)t * 2 * F, *u = g + F;
      real *h = y->h + (long)t * F;
      for (int i = 0; i < F; i++) h[i] = g[i] * u[i] / (1 + EXP(-g[i]));
    }
    linear(y->h, P + off(l, WDOWN), w->branch, N, F, D);
    memcpy(next, y->x2, (size_t)N * D * sizeof(real));
    drop_add(next, w->branch, seed + 0x2545f491u, (long)N * D, 0);
  }
  rmsnorm(w->xl, P + tensor[finalnorm].off, w->xf, w->rf, N);
  linear(w->xf, P, w->logits, N, D, V);
}
static void loss_and_gradient(Work *w, real norm) {
  for (int t = 0; t < N; t++) {
    real *z = w->logits + (long)t * V, top = z[0], sum = 0;
    int y = w->target[t];
    for (int i = 1; i < V; i++) top = z[i] > top ? z[i] : top;
    real zy = y < 0 ? 0 : z[y] - top;
    for (int i = 0; i < V; i++) sum += z[i] = EXP(z[i] - top);
    w->tokloss[t] = y < 0 ? 0 : LOG(sum) - zy;
    w->loss += w->tokloss[t];
    real f = y < 0 ? 0 : norm / sum;
    for (int i = 0; i < V; i++) z[i] *= f;
    if (y >= 0) z[y] -= norm;
  }
}
static void backward(Work *w, const real *P, real *G) {
  memset(w->dx, 0, (size_t)N * D * sizeof(real));
  linear_back(w->xf, P, w->logits, G, w->dn, N, D, V);
  long nf = tensor[finalnorm].off;
  rmsnorm_back(w->xl, P + nf, w->rf, w->dn, G + nf, w->dx, N);
  for (int l = L - 1; l >= 0; l--) {
    Layer *y = &w->layer[l];
    uint32_t seed = w->seed + 0x51ed270bu * (2 * l + 1);
    drop_add(w->branch, w->dx, seed + 0x2545f491u, (long)N * D, 1);
    linear_back(y->h, P + off(l, WDOWN), w->branch, G + off(l, WDOWN), w->dh, N, F, D);
    for (int t = 0; t < N; t++) {
      const real *g = y->gu + (long)t * 2 * F, *u = g + F, *dh = w->dh + (long)t * F;
      real *dg = w->dgu + (long)t * 2 * F, *du = dg + F;
      for (int i = 0; i < F; i++) {
        real s = 1 / (1 + EXP(-g[i])), gs = g[i] * s;
        dg[i] = dh[i] * u[i] * (s + gs * (1 - s));
        du[i] = dh[i] * gs;
      }
    }
    linear_back(y->xn2, P + off(l, WGATE), w->dgu, G + off(l, WGATE), w->dn, N, D, 2 * F);
    rmsnorm_back(y->x2, P + off(l, NORM2), y->r2, w->dn, G + off(l, NORM2), w->dx, N);
    drop_add(w->branch, w->dx, seed, (long)N * D, 1);
    linear_back(y->att, P + off(l, WO), w->branch, G + off(l, WO), w->dn, N, D, D);
    attention_back(w, y, w->dn);
    rope(w->dqkv, N, -1);
    linear_back(y->xn1, P + off(l, WQ), w->dqkv, G + off(l, WQ), w->dn, N, D, QKV);
    rmsnorm_back(y->x, P + off(l, NORM1), y->r1, w->dn, G + off(l, NORM1), w->dx, N);
  }
  for (int t = 0; t < N; t++)
    for (int i = 0; i < D; i++) G[(long)w->tok[t] * D + i] += w->dx[(long)t * D + i];
}
