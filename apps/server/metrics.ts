import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Figures for Prometheus, none personal: those of the process, and the time to answer by route and status. */
export interface Metrics {
  observe(answer: { method: string; route: string; status: number }, seconds: number): void;
  readonly contentType: string;
  text(): Promise<string>;
}

export function makeMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  return {
    observe: (labels, taken) => seconds.observe(labels, taken),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
