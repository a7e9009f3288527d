import { secretForms } from '../secret-forms.ts';

/** Masks secrets in any text that leaves the process: log lines, error reports, recorded requests. */
export interface Redactor {
  /** Secrets to mask wherever they appear. Those under 8 characters are masked only where a pattern shows them. */
  register(...secrets: readonly string[]): void;
  /** A secret registered twice must be forgotten twice. */
  forget(...secrets: readonly string[]): void;
  redact(text: string): string;
}

/** What stands in place of a secret. */
export const REDACTED = '[redacted]';

/** Shorter ones ("none", "test") are words, and masking them everywhere would make a log unreadable. */
const MIN_LENGTH = 8;

/** The value of a field: up to what ends it in a header, a query, JSON, or JSON inside a JSON string. */
const VALUE = '[^"\'\\\\\\s&,;<>]+';
const WORDS = '[^"\'\\\\\\r\\n]+';

const patterns: readonly (readonly [RegExp, string])[] = [
  // Whole header values: they may hold several words.
  [
    new RegExp(
      `((?:proxy-)?authorization|x-api-key|x-goog-api-key|api-key|cookie)(\\\\*"?\\s*[:=]\\s*\\\\*"?)${WORDS}`,
      'gi',
    ),
    `$1$2${REDACTED}`,
  ],
  [new RegExp(`\\b(bearer|basic)\\s+(?!\\[redacted)${VALUE}`, 'gi'), `$1 ${REDACTED}`],
  // Fields and query parameters that hold secrets by their name.
  [
    new RegExp(
      '\\b(key|auth_token|api_?key|access_?token|refresh_?token|id_?token|client_?secret|password|passwd)' +
        `(\\\\*"\\s*:\\s*\\\\*"|=)(?!\\[redacted)${VALUE}`,
      'gi',
    ),
    `$1$2${REDACTED}`,
  ],
  [/\/\/([^\s/@:"']*):[^\s/@"']+@/g, `//$1:${REDACTED}@`],
  // Shapes that are secrets wherever they stand.
  [/\b(?:sk|rk|pk|xai|gsk|pplx|hf|tvly)[-_][\w-]{8,}/g, REDACTED],
  [/\bAIza[\w-]{16,}/g, REDACTED],
  [/\bya29\.[\w.-]+/g, REDACTED],
  [/\bgh[opusr]_\w{16,}|\bgithub_pat_\w{16,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, REDACTED],
];

/** Knows no secrets yet: only their usual shapes. */
export function createRedactor(): Redactor {
  const counts = new Map<string, number>();
  let known: RegExp | undefined;
  let stale = false;

  function count(secrets: readonly string[], by: 1 | -1): void {
    for (const secret of secrets) {
      const next = (counts.get(secret) ?? 0) + by;
      if (next > 0) counts.set(secret, next);
      else counts.delete(secret);
    }
    stale = true;
  }

  return {
    register: (...secrets) => count(secrets, 1),
    forget: (...secrets) => count(secrets, -1),
    redact(text) {
      if (stale) {
        known = matcher([...counts.keys()]);
        stale = false;
      }
      const masked = known === undefined ? text : text.replace(known, REDACTED);
      return patterns.reduce((line, [pattern, mask]) => line.replace(pattern, mask), masked);
    },
  };
}

/** One expression for all secrets in the forms they take in text; the longest first, as one may begin another. */
function matcher(secrets: readonly string[]): RegExp | undefined {
  const forms = new Set(secrets.filter((secret) => secret.length >= MIN_LENGTH).flatMap(secretForms));
  if (forms.size === 0) return undefined;
  const alternatives = [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(alternatives.join('|'), 'g');
}
