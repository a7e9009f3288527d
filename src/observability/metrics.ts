import type { Usage } from '../ir/usage.ts';
import { Histogram, type HistogramSnapshot } from './histogram.ts';

/** What counts of a finished request; the same object is never kept. */
export interface Measured {
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly credentialId: string | undefined;
  /** Undefined: it went well. */
  readonly errorCode: string | undefined;
  readonly latencyMs: number;
  readonly ttfbMs: number | undefined;
  readonly usage: Usage | undefined;
}

/** Whose requests they were; '' when nobody was asked, `other` for those beyond the bound. */
export interface SeriesLabels {
  readonly provider: string;
  readonly model: string;
  readonly credentialId: string;
}

/** The counts of one provider, model and credential. */
export interface SeriesSnapshot extends SeriesLabels {
  readonly requests: number;
  /** By code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly latency: HistogramSnapshot;
  readonly ttfb: HistogramSnapshot;
  readonly tokens: Usage;
}

/** Counts requests, failures, times and tokens since the process began. */
export interface Metrics {
  finished(request: Measured): void;
  snapshot(): readonly SeriesSnapshot[];
}

/** Clients choose the names of models: beyond so many, all others count as one. */
const MOST_SERIES = 2000;

interface Series {
  readonly labels: SeriesLabels;
  requests: number;
  readonly errors: Map<string, number>;
  readonly latency: Histogram;
  readonly ttfb: Histogram;
  inputTokens: number;
  cachedReadTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
}

const OTHER: SeriesLabels = { provider: 'other', model: 'other', credentialId: 'other' };

/** All at zero. */
export function createMetrics(most: number = MOST_SERIES): Metrics {
  /** By credential, then by model: no key has to be built. An id names its provider. */
  const byCredential = new Map<string, Map<string, Series>>();
  let count = 0;
  let other: Series | undefined;

  function seriesOf({ provider = '', model = '', credentialId = '' }: Measured): Series {
    const models = byCredential.get(credentialId);
    const known = models?.get(model);
    if (known !== undefined) return known;
    if (count >= most) {
      other ??= newSeries(OTHER);
      return other;
    }
    count++;
    const made = newSeries({ provider, model, credentialId });
    if (models === undefined) byCredential.set(credentialId, new Map([[model, made]]));
    else models.set(model, made);
    return made;
  }

  return {
    finished(request) {
      const series = seriesOf(request);
      const { errorCode, latencyMs, ttfbMs, usage } = request;
      series.requests++;
      if (errorCode !== undefined) series.errors.set(errorCode, (series.errors.get(errorCode) ?? 0) + 1);
      series.latency.add(latencyMs);
      if (ttfbMs !== undefined) series.ttfb.add(ttfbMs);
      if (usage === undefined) return;
      series.inputTokens += usage.inputTokens;
      series.cachedReadTokens += usage.cachedReadTokens;
      series.cacheWriteTokens += usage.cacheWriteTokens;
      series.outputTokens += usage.outputTokens;
      series.reasoningTokens += usage.reasoningTokens;
    },
    snapshot() {
      const all = [...byCredential.values()].flatMap((models) => [...models.values()]);
      return (other === undefined ? all : [...all, other]).map(snapshotOf);
    },
  };
}

function newSeries(labels: SeriesLabels): Series {
  return {
    labels,
    requests: 0,
    errors: new Map(),
    latency: new Histogram(),
    ttfb: new Histogram(),
    inputTokens: 0,
    cachedReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
  };
}

function snapshotOf({ labels, requests, errors, latency, ttfb, ...tokens }: Series): SeriesSnapshot {
  return {
    ...labels,
    requests,
    errors: Object.fromEntries(errors),
    latency: latency.snapshot(),
    ttfb: ttfb.snapshot(),
    tokens,
  };
}
