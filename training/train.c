/*
 * Trains a small Llama-style language model on the CPU: RMSNorm, rotate-half rotary positions,
 * grouped-query attention, SwiGLU, tied embedding. Matrix products go to OpenBLAS; everything
 * else is written so that the compiler vectorises it. Two threads share each step by rows and
 * their gradients are summed in a fixed order.
 *
 *   train check                          compares gradients with finite differences (-DREAL=double)
 *   train speed                          measures tokens per second
 *   train run <folder> <seconds>         trains for that long; continues <folder>/model.ckpt
 *
 * <folder> holds train.bin, valid.bin and lengths.bin from prepare.ts.
 */
#include <cblas.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "train.h"

void openblas_set_num_threads(int);

/* ---- model: one flat array of parameters, described by tensors ---- */

Tensor tensor[16 + 16 * MAXL];
int tensors, embed, finalnorm, layer0;
long params;
static real *W, *G[THREADS], *M1, *M2, *EMA;

static int add(int rows, int cols, int kind) {
  tensor[tensors] = (Tensor){rows, cols, kind, params};
  params += (long)rows * cols;
  return tensors++;
}
enum { NORM1, WQ, WK, WV, WO, NORM2, WGATE, WUP, WDOWN, PER_LAYER };
static long off(int l, int t) { return tensor[layer0 + l * PER_LAYER + t].off; }

static void describe(void) {
  tensors = 0, params = 0;
  embed = add(V, D, ADAM);
  layer0 = tensors;
  for (int l = 0; l < L; l++) {
    add(1, D, ADAM);
    add(D, D, MUON), add(KV, D, MUON), add(KV, D, MUON); /* one block: a single product */
    add(D, D, MUON);
    add(1, D, ADAM);
    add(F, D, MUON), add(F, D, MUON);
    add(D, F, MUON);
  }
  finalnorm = add(1, D, ADAM);
}

static uint64_t rng = 88172645463325252ull;
static uint32_t rnd(void) {
  rng ^= rng << 13, rng ^= rng >> 7, rng ^= rng << 17;
  return (uint32_t)(rng >> 32);
}
static double gauss(void) {
  double u = (rnd() + 1.0) / 4294967297.0, v = rnd() / 4294967296.0;
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}
static void *room(size_t bytes) {
  void *p = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!p) exit(fprintf(stderr, "out of memory\n"));
  return memset(p, 0, bytes);
}
static void initialise(void) {
  W = room(params * sizeof(real)), EMA = room(params * sizeof(real));
  M1 = room(params * sizeof(real)), M2 = room(params * sizeof(real));
  for (int i = 0; i < THREADS; i++) G[i] = room(params * sizeof(real));
  for (int t = 0; t < tensors; t++) {
    Tensor x = tensor[t];
    double std = t == embed ? 0.05 : 0.5 / sqrt(x.cols);
    for (long i = 0; i < (long)x.rows * x.cols; i++)
      W[x.off + i] = x.rows == 1 ? 1 : std * gauss();
  }
  memcpy(EMA, W, params * sizeof(real));
}

#include "model.h"
#include "optimise.h"
#include "data.h"

/* ---- the two threads: main prepares a job, both do it, meeting at the barrier ---- */

enum { TRAIN, EVALUATE, STOP };
static pthread_barrier_t barrier;
static int job, chunks, next_tensor;
static const real *eval_params;
static real lr_scale;

static void turn(int id) {
  if (job == EVALUATE) {
    for (int c = id; c < chunks; c += THREADS) evaluate_chunk(&work[id], c, eval_params);
    return;
  }
  Work *w = &work[id];
  w->loss = 0;
  for (int c = id; c < chunks; c += THREADS) {
    take_chunk(w, c);
    forward(w, W);
    loss_and_gradient(w, (real)1 / (chunks * N));
    backward(w, W, G[id]);
  }
  pthread_barrier_wait(&barrier);
  long a = params * id / THREADS, b = params * (id + 1) / THREADS;
  for (int i = 1; i < THREADS; i++)
    for (long j = a; j < b; j++) G[0][j] += G[i][j], G[i][j] = 0;
  pthread_barrier_wait(&barrier);
  for (int t; (t = __sync_fetch_and_add(&next_tensor, 1)) < tensors;)
    update(id, tensors - 1 - t, lr_scale); /* the embedding, tensor 0, is cheap: last */
}
static void *worker(void *arg) {
  for (;;) {
    pthread_barrier_wait(&barrier);
    if (job == STOP) return arg;
    turn(1 + (int)(long)arg);
    pthread_barrier_wait(&barrier);
  }
}
static double train_step(real scale) {
  next_chunks(chunks = CHUNKS);
  job = TRAIN, next_tensor = 0, lr_scale = scale;
  pthread_barrier_wait(&barrier);
  turn(0);
  pthread_barrier_wait(&barrier);
  double loss = 0;
  for (int i = 0; i < THREADS; i++) loss += work[i].loss;
  return loss / ((double)CHUNKS * N);
}
static void evaluate(const char *name, const real *P) {
  real keep = dropout;
  job = EVALUATE, chunks = valid_chunks, eval_params = P, dropout = 0;
  memset(sums, 0, sizeof sums);
  pthread_barrier_wait(&barrier);
  turn(0);
  pthread_barrier_wait(&barrier);
  dropout = keep;
  Sums s = sums[0];
  for (int i = 1; i < THREADS; i++)
    s.text += sums[i].text, s.end += sums[i].end, s.n += sums[i].n, s.ends += sums[i].ends;
  printf("  valid %s: %.4f nats/token (with end %.4f), %.4f bits/byte\n", name, s.text / s.n,
         (s.text + s.end) / (s.n + s.ends), s.text / log(2) / valid_bytes);
  fflush(stdout);
}
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* ---- checkpoint: the header, then weights, averaged weights and both moments ---- */

typedef struct {
  int magic, v, d, l, h, hkv, f, t;
  double elapsed, tokens, step, seconds;
} Header;
static void save(const char *path, Header head) {
  char tmp[1040];
  snprintf(tmp, sizeof tmp, "%s.tmp", path);
  FILE *f = fopen(tmp, "wb");
  real *all[] = {W, EMA, M1, M2};
  fwrite(&head, sizeof head, 1, f);
  for (int i = 0; i < 4; i++) fwrite(all[i], sizeof(real), params, f);
  if (fclose(f) == 0) rename(tmp, path);
}
static int restore(const char *path, Header *head) {
  FILE *f = fopen(path, "rb");
  if (!f) return 0;
  real *all[] = {W, EMA, M1, M2};
  Header was = *head;
  int ok = fread(head, sizeof *head, 1, f) == 1 && !memcmp(&was, head, 8 * sizeof(int));
  for (int i = 0; ok && i < 4; i++) ok = fread(all[i], sizeof(real), params, f) == (size_t)params;
  fclose(f);
  if (!ok) exit(fprintf(stderr, "%s is of another shape\n", path));
  return 1;
}

static void train(const char *folder, double seconds) {
  char path[1024];
  snprintf(path, sizeof path, "%s/model.ckpt", folder);
  Header head = {0x6b656c76, V, D, L, H, HKV, F, T, 0, 0, 0, seconds};
  if (restore(path, &head)) printf("continuing from step %.0f\n", head.step);
  rng ^= (uint64_t)head.step * 0x9E3779B97F4A7C15ull;
  double start = now() - head.elapsed, last = now(), smooth = 0, logged = last, seen = 0;
  for (;;) {
    head.elapsed = now() - start;
    double done = head.elapsed / seconds, rest = (1 - done) / (1 - HOLD);
    real scale = head.step < WARMUP ? (head.step + 1) / WARMUP : 1;
    if (rest < 1) scale *= rest > 0 ? rest : 0;
    if (done < 1) {
      double loss = train_step(scale);
      head.step++, head.tokens += (double)CHUNKS * N, seen += (double)CHUNKS * N;
      smooth = smooth == 0 ? loss : smooth + 0.02 * (loss - smooth);
    }
    if ((int)head.step % 100 == 0 || done >= 1) {
      double t = now();
      printf("%6.0fs step %.0f tokens %.2fM %.0f tok/s lr*%.3f train %.4f\n", head.elapsed,
             head.step, head.tokens / 1e6, seen / (t - logged), scale, smooth);
      fflush(stdout), logged = t, seen = 0;
    }
    if (now() - last > 300 || done >= 1) {
      evaluate("average", EMA), evaluate("weights", W);
      save(path, head), last = now();
      if (done >= 1) return;
    }
  }
}

#include "check.h"

int main(int argc, char **argv) {
  openblas_set_num_threads(1); /* the threads here are our own */
  const char *mode = argc > 1 ? argv[1] : "";
  describe(), initialise(), rope_table(), optimiser_room();
  for (int i = 0; i < THREADS; i++) allocate(&work[i]);
  printf("%ld parameters, %ld outside the embedding\n", params, params - (long)V * D);
  dropout = DROPOUT;
  if (!strcmp(mode, "check")) return check();
  if (argc < 3 || load(argv[2])) return fprintf(stderr, "see the head of train.c\n"), 2;
  pthread_barrier_init(&barrier, 0, THREADS);
  pthread_t thread[THREADS];
  for (long i = 0; i + 1 < THREADS; i++) pthread_create(&thread[i], 0, worker, (void *)i);
  if (!strcmp(mode, "speed")) {
    for (int i = 0; i < 3; i++) train_step(1);
    double t = now();
    for (int i = 0; i < 20; i++) train_step(1);
    printf("%.0f tokens/s\n", 20.0 * CHUNKS * N / (now() - t));
  } else if (argc > 3) {
    train(argv[2], atof(argv[3]));
  }
  job = STOP;
  pthread_barrier_wait(&barrier);
  for (int i = 0; i + 1 < THREADS; i++) pthread_join(thread[i], 0);
  return 0;
}
