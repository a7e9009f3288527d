/** The table of docs/guide/cooldowns.md, out of what the code does. */
import { cooldownFor, transientCooldownMs } from '../../src/credentials/cooldown.ts';
import { ProxyError, upstreamError } from '../../src/errors.ts';

const failures: readonly (readonly [string, ProxyError])[] = [
  ['401', upstreamError({ status: 401, message: 'x' })],
  ['402', upstreamError({ status: 402, message: 'x' })],
  ['403', upstreamError({ status: 403, message: 'x' })],
  ['`invalid_grant`', upstreamError({ status: 400, message: 'invalid_grant' })],
  ['no credit (`insufficient_quota`)', upstreamError({ status: 429, code: 'insufficient_quota', message: 'x' })],
  [
    'the model is not there, or not for this account',
    upstreamError({ status: 404, code: 'model_not_found', message: 'x' }),
  ],
  ['429 without a time', upstreamError({ status: 429, message: 'x' })],
  ['429 for 20 s', upstreamError({ status: 429, message: 'x', retryAfterMs: 20_000 })],
  ['429 for a year', upstreamError({ status: 429, message: 'x', retryAfterMs: 365 * 86_400_000 })],
  ['"model is at capacity"', upstreamError({ status: 400, message: 'The selected model is at capacity' })],
  [
    'Codex plan used up for 2 h',
    upstreamError({ status: 429, type: 'usage_limit_reached', message: 'x', retryAfterMs: 7_200_000 }),
  ],
  [
    'Claude plan used up (5 h, 7 d) for 2 h',
    upstreamError({ status: 429, limitOf: 'credential', message: 'x', retryAfterMs: 7_200_000 }),
  ],
  ['limit of fast mode', upstreamError({ status: 429, limitOf: 'request', message: 'x' })],
  ['xAI free usage exhausted', upstreamError({ status: 429, code: 'subscription:free-usage-exhausted', message: 'x' })],
  ['408', upstreamError({ status: 408, message: 'x' })],
  ['500', upstreamError({ status: 500, message: 'x' })],
  ['503 for 20 s', upstreamError({ status: 503, message: 'x', retryAfterMs: 20_000 })],
  ['529', upstreamError({ status: 529, message: 'x' })],
  ['page of a firewall (403)', upstreamError({ status: 403, code: 'HTML_PAGE_403', message: 'x' })],
  ['no connection, unknown host', new ProxyError('upstream_unreachable', 'x')],
  ['no answer in time', new ProxyError('upstream_timeout', 'x')],
  ['a stream that breaks off', new ProxyError('upstream_stream_truncated', 'x')],
  ['400, 404, 413, 422', upstreamError({ status: 422, message: 'x' })],
];

/** One line per failure: whom it pauses, for how long, and whether that is only a guess. */
export function cooldownTable(): string {
  const rows = failures.map(([name, error]) => {
    const at = (level: number) => cooldownFor(error, level, { transientMs: transientCooldownMs(0) });
    const first = at(0);
    if (first === undefined) return `| ${name} | nothing | | |`;
    const steps = first.raisesLevel ? `, doubled up to ${time(at(40)?.ms ?? 0)}` : '';
    return `| ${name} | ${first.scope} | ${time(first.ms)}${steps} | ${first.isGuess ? 'a guess' : "the provider's word"} |`;
  });
  return ['| failure | pauses | for | is |', '|---|---|---|---|', ...rows].join('\n');
}

function time(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  return ms < 48 * 3_600_000 ? `${ms / 3_600_000} h` : `${ms / 86_400_000} d`;
}
