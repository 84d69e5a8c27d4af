import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Slots } from './slots.ts';

/** What is counted, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'kelvin_requests_total',
    help: 'Requests answered',
    labelNames: ['route', 'code'],
    registers: [this.#registry],
  });
  readonly #first = new Histogram({
    name: 'kelvin_time_to_first_token_seconds',
    help: 'From the arrival of a request to the first token of a text',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    registers: [this.#registry],
  });
  readonly #between = new Histogram({
    name: 'kelvin_inter_token_seconds',
    help: 'Between two tokens of a text',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
    registers: [this.#registry],
  });
  readonly #prompt = this.#counter('kelvin_prompt_tokens_total', 'Tokens of prompts');
  readonly #completion = this.#counter('kelvin_completion_tokens_total', 'Tokens written');
  readonly #cancelled = this.#counter(
    'kelvin_cancelled_total',
    'Requests whose client went away before the end',
  );

  constructor(slots: Slots) {
    this.#gauge('kelvin_active', 'Texts being written', () => slots.active);
    this.#gauge('kelvin_queue_depth', 'Texts waiting for their turn', () => slots.waiting);
  }

  request(route: string, code: number): void {
    this.#requests.inc({ route, code });
  }

  /** A token came so many milliseconds after the one before it, or after the request. */
  token(ms: number, isFirst: boolean): void {
    (isFirst ? this.#first : this.#between).observe(ms / 1000);
    this.#completion.inc();
  }

  prompt(tokens: number): void {
    this.#prompt.inc(tokens);
  }

  cancelled(): void {
    this.#cancelled.inc();
  }

  /** In Prometheus' text format. */
  async response(): Promise<Response> {
    const { contentType } = this.#registry;
    return new Response(await this.#registry.metrics(), {
      headers: { 'content-type': contentType },
    });
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
