/* Gradients against central differences, a few parameters of every tensor, dropout included. */
static double loss_of(Work *w) {
  w->loss = 0;
  forward(w, W);
  loss_and_gradient(w, (real)1 / N);
  return w->loss / N;
}
static int check(void) {
  Work *w = &work[0];
  double worst = 0;
  for (int t = 0; t < N; t++) w->tok[t] = rnd() % V, w->target[t] = rnd() % V;
  w->segs = 2, w->seed = 12345;
  w->seg[0][0] = 0, w->seg[0][1] = N / 3, w->seg[1][0] = N / 3, w->seg[1][1] = N;
  loss_of(w);
  backward(w, W, G[0]);
  for (int t = 0; t < tensors; t++) {
    for (int k = 0; k < 8; k++) {
      long i = tensor[t].off + rnd() % ((long)tensor[t].rows * tensor[t].cols);
      if (t == embed && k < 4) i = (long)w->tok[k * 7] * D + rnd() % D;
      double keep = W[i], step = 1e-4;
      W[i] = keep + step;
      double up = loss_of(w);
      W[i] = keep - step;
      double down = loss_of(w);
      W[i] = keep;
      double slope = (up - down) / (2 * step);
      double error = fabs(slope - G[0][i]) / (fabs(slope) + fabs(G[0][i]) + 1e-6);
      if (error > 1e-4) printf("tensor %d[%ld]: %g, not %g\n", t, i, (double)G[0][i], slope);
      if (error > worst) worst = error;
    }
  }
  printf("largest relative error of a gradient: %.2g\n", worst);
  return worst > 1e-4;
}
