import { describe, expect, it } from 'vitest';
import { createMetrics, type Measured } from './metrics.ts';
import { prometheusText } from './prometheus.ts';

const usage = { inputTokens: 3, cachedReadTokens: 20, cacheWriteTokens: 1, outputTokens: 7, reasoningTokens: 2 };
const measured: Measured = {
  provider: 'p',
  model: 'm',
  credentialId: 'p:1',
  errorCode: undefined,
  latencyMs: 120,
  ttfbMs: 30,
  usage,
};

describe('metrics', () => {
  it('adds up by provider, model and credential', () => {
    const metrics = createMetrics();
    metrics.finished(measured);
    metrics.finished({ ...measured, errorCode: 'upstream_failed', ttfbMs: undefined, usage: undefined });
    metrics.finished({ ...measured, model: 'other-model' });
    const [first, second] = metrics.snapshot();
    expect(first).toMatchObject({
      provider: 'p',
      model: 'm',
      credentialId: 'p:1',
      requests: 2,
      errors: { upstream_failed: 1 },
      tokens: usage,
      latency: { count: 2, sumMs: 240 },
      ttfb: { count: 1, sumMs: 30 },
    });
    expect(second).toMatchObject({ model: 'other-model', requests: 1, errors: {} });
  });

  it('counts everybody beyond the bound as one', () => {
    const metrics = createMetrics(2);
    for (let index = 0; index < 100; index++) metrics.finished({ ...measured, model: `m${index}` });
    metrics.finished({ ...measured, model: 'm0' });
    expect(metrics.snapshot().map(({ model, requests }) => [model, requests])).toEqual([
      ['m0', 2],
      ['m1', 1],
      ['other', 98],
    ]);
  });

  it('counts requests for which nobody was asked', () => {
    const metrics = createMetrics();
    metrics.finished({ ...measured, provider: undefined, model: undefined, credentialId: undefined });
    expect(metrics.snapshot()).toMatchObject([{ provider: '', model: '', credentialId: '', requests: 1 }]);
  });

  it('survives a clock that goes back', () => {
    const metrics = createMetrics();
    metrics.finished({ ...measured, latencyMs: -5 });
    expect(metrics.snapshot()[0]?.latency).toMatchObject({ count: 1, sumMs: 0 });
  });

  it('is written as Prometheus reads it', () => {
    const metrics = createMetrics();
    metrics.finished({ ...measured, model: 'a"b\\c\nd' });
    metrics.finished({ ...measured, model: 'a"b\\c\nd', errorCode: 'over_limit', latencyMs: 1e9 });
    const text = prometheusText(metrics.snapshot());
    const labels = 'provider="p",model="a\\"b\\\\c\\nd",credential="p:1"';
    expect(text).toContain(`# TYPE llmproxy_requests_total counter\nllmproxy_requests_total{${labels}} 2\n`);
    expect(text).toContain(`llmproxy_errors_total{${labels},code="over_limit"} 1\n`);
    expect(text).toContain(`llmproxy_tokens_total{${labels},kind="cached"} 40\n`);
    expect(text).toContain(`llmproxy_request_duration_seconds_bucket{${labels},le="0.1"} 0\n`);
    expect(text).toContain(`llmproxy_request_duration_seconds_bucket{${labels},le="0.25"} 1\n`);
    expect(text).toContain(`llmproxy_request_duration_seconds_bucket{${labels},le="600"} 1\n`);
    expect(text).toContain(`llmproxy_request_duration_seconds_bucket{${labels},le="+Inf"} 2\n`);
    expect(text).toContain(`llmproxy_request_duration_seconds_count{${labels}} 2\n`);
    expect(text).toContain(`llmproxy_time_to_first_byte_seconds_sum{${labels}} 0.06\n`);
    expect(text.endsWith('\n')).toBe(true);
  });
});
