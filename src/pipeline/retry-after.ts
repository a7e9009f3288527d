type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Milliseconds from now that an error's headers ask for: `Retry-After` (seconds or HTTP date), `retry-after-ms`, or when
 * the limit ends of which nothing is left.
 */
export function readRetryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const ms = numberOf(headers['retry-after-ms']);
  if (ms !== undefined) return ms;
  const text = headers['retry-after'];
  if (typeof text === 'string') {
    const seconds = numberOf(text);
    if (seconds !== undefined) return Math.ceil(seconds * 1000);
    const date = Date.parse(text);
    if (!Number.isNaN(date)) return Math.max(0, date - nowMs);
  }
  return claudeResetMs(headers, nowMs) ?? openAiResetMs(headers);
}

const CLAUDE = 'anthropic-ratelimit-unified';
const WINDOWS = ['5h', '7d', '7d_oi'] as const;

/** Claude plans: when the last of the rejected windows ends, as Unix seconds or a date. */
function claudeResetMs(headers: Headers, nowMs: number): number | undefined {
  const rejected = WINDOWS.filter((name) => headers[`${CLAUDE}-${name}-status`] === 'rejected');
  const keys = rejected.map((name) => `${CLAUDE}-${name}-reset`);
  if (keys.length === 0 && headers[`${CLAUDE}-status`] === 'rejected') keys.push(`${CLAUDE}-reset`);
  const moments = keys.flatMap((key) => momentOf(headers[key]) ?? []);
  return moments.length === 0 ? undefined : Math.max(0, Math.max(...moments) - nowMs);
}

/** Whether headers say that a limit of the whole credential is used up: `7d_oi` is that of one family of models. */
export function limitsCredential(headers: Headers): boolean {
  return (['5h', '7d'] as const).some((name) => headers[`${CLAUDE}-${name}-status`] === 'rejected');
}

function momentOf(value: string | string[] | undefined): number | undefined {
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds * 1000;
  const date = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}

/** OpenAI: how long until the limit ends of which nothing remains, as `1s`, `6m0s`, `20ms`. */
function openAiResetMs(headers: Headers): number | undefined {
  const waits = ['requests', 'tokens'].flatMap((unit) =>
    headers[`x-ratelimit-remaining-${unit}`] === '0' ? (durationMs(headers[`x-ratelimit-reset-${unit}`]) ?? []) : [],
  );
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** `1s`, `6m0s`, `34.5s`, `20ms` -> milliseconds. */
export function durationMs(value: string | string[] | undefined): number | undefined {
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?$/.exec(
    typeof value === 'string' ? value : '',
  );
  if (match === null || match[0] === '') return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.ceil((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + ms);
}

/** The value of a `Retry-After` header: whole seconds, at least 1, never sooner than asked. */
export function formatRetryAfter(retryAfterMs: number): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}

function numberOf(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\d+(\.\d+)?$/.test(value.trim())) return undefined;
  return Number(value);
}
