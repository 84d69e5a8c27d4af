/*
 * Rows of T positions. Every row begins where a story begins and holds whole stories, the best
 * fitting ones out of a shuffled buffer; the hole at its end takes the beginning of another story,
 * so that no position is wasted. In three rows of four a story sees only itself, as it will when
 * it is told; in the fourth it also sees the stories before it, which trains distances up to T.
 */
#define BUFFER 256

static uint16_t *train_ids, *valid_ids;
static uint8_t lengths[V];
static int *story, stories, cursor, buffer[BUFFER]; /* story[i]: where it starts */
static int (*rows_of)[T + 1];                       /* CHUNKS * ROWS rows */
static int (*cuts)[T], *cut_count;
static int *valid_at, valid_stories, valid_chunks;
static double valid_bytes;
typedef struct {
  double text, end, n, ends;
} Sums;
static Sums sums[THREADS];

static uint16_t *slurp(const char *folder, const char *name, long *n) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "rb");
  struct stat st;
  if (!f || stat(path, &st)) return 0;
  uint16_t *p = room(st.st_size + 64);
  *n = fread(p, 1, st.st_size, f);
  fclose(f);
  return p;
}
static int *starts(const uint16_t *ids, long n, int *count) {
  int *at = room((n + 2) * sizeof(int));
  *count = 0;
  for (long i = 0; i < n; i++)
    if (ids[i] == 0) at[(*count)++] = i;
  at[*count] = n;
  return at;
}
static int shuffled(void) {
  if (cursor == stories) cursor = 0;
  if (cursor == 0)
    for (int i = stories - 1; i > 0; i--) {
      int j = rnd() % (i + 1), t = story[i];
      story[i] = story[j], story[j] = t;
    }
  return story[cursor++];
}
/* tokens of the story that starts at `at`, its opening mark included */
static int extent(int at) {
  int n = 1;
  while (train_ids[at + n]) n++;
  return n;
}

static int load(const char *folder) {
  long n, m, k;
  train_ids = slurp(folder, "train.bin", &n), valid_ids = slurp(folder, "valid.bin", &m);
  uint8_t *bytes = (uint8_t *)slurp(folder, "lengths.bin", &k);
  if (!train_ids || !valid_ids || !bytes || k != V) return 1;
  memcpy(lengths, bytes, V);
  story = starts(train_ids, n / 2, &stories), valid_at = starts(valid_ids, m / 2, &valid_stories);
  rows_of = room(sizeof(int[T + 1]) * CHUNKS * ROWS), cuts = room(sizeof(int[T]) * CHUNKS * ROWS);
  cut_count = room(sizeof(int) * CHUNKS * ROWS);
  for (int i = 0; i < BUFFER; i++) buffer[i] = shuffled();
  valid_chunks = (valid_stories + ROWS - 1) / ROWS;
  for (int i = 0; i < valid_stories; i++)
    for (int j = 1; j <= T && valid_at[i] + j < valid_at[i + 1]; j++)
      valid_bytes += lengths[valid_ids[valid_at[i] + j]];
  return 0;
}
static void fill_row(int r) {
  int used = 0, *row = rows_of[r], count = 0;
  while (used < T) {
    int best = -1, size = 0;
    for (int i = 0; i < BUFFER && !(used == 0 && i > 0); i++) {
      int k = extent(buffer[i]);
      if (used == 0 || (k <= T - used && k > size)) best = i, size = k;
    }
    int partial = best < 0 || size > T - used, from = buffer[best < 0 ? (int)(rnd() % BUFFER) : best];
    int take = partial ? T - used : size; /* of a story longer than T: its first T positions */
    cuts[r][count++] = used;
    for (int i = 0; i < take; i++) row[used + i] = train_ids[from + i];
    used += take;
    row[used] = train_ids[from + take]; /* 0, or how a cut story would go on */
    if (best >= 0) {
      memmove(buffer + best, buffer + best + 1, (BUFFER - 1 - best) * sizeof(int));
      buffer[BUFFER - 1] = shuffled();
    }
  }
  if (rnd() % 4 == 0) count = 1;
  cut_count[r] = count;
}
static void next_chunks(int n) {
  for (int r = 0; r < n * ROWS; r++) fill_row(r);
}
static void take_chunk(Work *w, int c) {
  w->segs = 0;
  w->seed = (uint32_t)(rng >> 16) + 0x9E3779B9u * c;
  for (int r = 0; r < ROWS; r++) {
    int row = c * ROWS + r;
    for (int i = 0; i < T; i++)
      w->tok[r * T + i] = rows_of[row][i], w->target[r * T + i] = rows_of[row][i + 1];
    for (int i = 0; i < cut_count[row]; i++, w->segs++) {
      w->seg[w->segs][0] = r * T + cuts[row][i];
      w->seg[w->segs][1] = r * T + (i + 1 < cut_count[row] ? cuts[row][i + 1] : T);
    }
  }
}
/* Held-out stories, one to a row, from their start and cut off at the context. */
static void evaluate_chunk(Work *w, int c, const real *P) {
  int id = (int)(w - work);
  w->segs = 0, w->loss = 0;
  for (int r = 0; r < ROWS; r++) {
    int i = c * ROWS + r, at = i < valid_stories ? valid_at[i] : 0;
    int n = i < valid_stories ? valid_at[i + 1] - at : 0;
    for (int j = 0; j < T; j++) {
      w->tok[r * T + j] = j < n ? valid_ids[at + j] : 0;
      w->target[r * T + j] = j + 1 < n ? valid_ids[at + j + 1] : j + 1 == n ? 0 : -1;
    }
    w->seg[w->segs][0] = r * T, w->seg[w->segs++][1] = r * T + (n < 1 ? 1 : n < T ? n : T);
  }
  forward(w, P);
  loss_and_gradient(w, 0);
  for (int t = 0; t < N; t++) {
    if (w->target[t] > 0) sums[id].text += w->tokloss[t], sums[id].n++;
    if (w->target[t] == 0) sums[id].end += w->tokloss[t], sums[id].ends++;
  }
}
