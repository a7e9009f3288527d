import { boundsMs, type HistogramSnapshot } from './histogram.ts';
import type { SeriesLabels, SeriesSnapshot } from './metrics.ts';

/** Media type of {@link prometheusText}. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The counts in Prometheus' text format. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function prometheusText(series: readonly SeriesSnapshot[]): string {
  return [
    ...family('llmproxy_requests_total', 'counter', 'Finished requests.', series, (one) => [
      line('llmproxy_requests_total', one, {}, one.requests),
    ]),
    ...family('llmproxy_errors_total', 'counter', 'Requests that failed, by code.', series, (one) =>
      Object.entries(one.errors).map(([code, count]) => line('llmproxy_errors_total', one, { code }, count)),
    ),
    ...family('llmproxy_tokens_total', 'counter', 'Tokens, by kind; reasoning is part of output.', series, (one) =>
      tokenKinds.map(([kind, read]) => line('llmproxy_tokens_total', one, { kind }, read(one))),
    ),
    ...family('llmproxy_request_duration_seconds', 'histogram', 'Time to the end of the answer.', series, (one) =>
      histogram('llmproxy_request_duration_seconds', one, one.latency),
    ),
    ...family('llmproxy_time_to_first_byte_seconds', 'histogram', 'Time to the first byte.', series, (one) =>
      histogram('llmproxy_time_to_first_byte_seconds', one, one.ttfb),
    ),
    '',
  ].join('\n');
}

const tokenKinds: readonly (readonly [kind: string, read: (one: SeriesSnapshot) => number])[] = [
  ['input', ({ tokens }) => tokens.inputTokens],
  ['cached', ({ tokens }) => tokens.cachedReadTokens],
  ['cache_write', ({ tokens }) => tokens.cacheWriteTokens],
  ['output', ({ tokens }) => tokens.outputTokens],
  ['reasoning', ({ tokens }) => tokens.reasoningTokens],
];

function family(
  name: string,
  type: 'counter' | 'histogram',
  help: string,
  series: readonly SeriesSnapshot[],
  lines: (one: SeriesSnapshot) => readonly string[],
): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...series.flatMap(lines)];
}

function histogram(name: string, labels: SeriesLabels, { counts, sumMs, count }: HistogramSnapshot): string[] {
  let below = 0;
  const buckets = boundsMs.map((boundMs, index) => {
    below += counts[index] ?? 0;
    return line(`${name}_bucket`, labels, { le: `${boundMs / 1000}` }, below);
  });
  return [
    ...buckets,
    line(`${name}_bucket`, labels, { le: '+Inf' }, count),
    line(`${name}_sum`, labels, {}, sumMs / 1000),
    line(`${name}_count`, labels, {}, count),
  ];
}

function line(
  name: string,
  { provider, model, credentialId }: SeriesLabels,
  more: Readonly<Record<string, string>>,
  value: number,
): string {
  const labels = Object.entries({ provider, model, credential: credentialId, ...more });
  return `${name}{${labels.map(([key, text]) => `${key}="${escaped(text)}"`).join(',')}} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
