import type { ManagementRoute } from './management.ts';

/** Where the counts come from. */
export interface MetricsSource {
  /** For programs of our own. */
  snapshot(): object;
  /** For Prometheus. */
  text(): string;
  readonly textType: string;
}

/** `GET /v0/management/metrics`: requests, failures, times and tokens; as JSON to whoever asks for JSON alone. */
export function metricsRoute(source: MetricsSource): ManagementRoute {
  return {
    method: 'GET',
    path: '/metrics',
    answer({ headers }) {
      if (headers['accept'] === 'application/json') return { status: 200, body: source.snapshot() };
      return { status: 200, body: source.text(), headers: { 'content-type': source.textType } };
    },
  };
}
