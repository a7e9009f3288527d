import { secretForms } from '../secret-forms.ts';
import { createKnownTexts } from './known-texts.ts';

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
const FEW = 32;

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

interface Known {
  count: number;
  /** How it may stand in a text. */
  readonly forms: readonly string[];
}

/** Knows no secrets yet: only their usual shapes. */
export function createRedactor(): Redactor {
  const secrets = new Map<string, Known>();
  /** Of how many secrets a text is a form. */
  const owners = new Map<string, number>();
  const texts = createKnownTexts();

  /** For a few texts an expression is quicker; for thousands, compiling it would hold up everything. */
  let few: RegExp | undefined;

  function maskKnown(text: string): string {
    if (owners.size > FEW) return texts.mask(text, REDACTED);
    if (owners.size === 0) return text;
    few ??= matcherOf([...owners.keys()]);
    return text.replace(few, REDACTED);
  }

  function learn(form: string): void {
    const count = owners.get(form) ?? 0;
    if (count === 0) texts.add(form);
    owners.set(form, count + 1);
    few = undefined;
  }

  function unlearn(form: string): void {
    const left = (owners.get(form) ?? 0) - 1;
    if (left > 0) owners.set(form, left);
    else {
      owners.delete(form);
      texts.delete(form);
      few = undefined;
    }
  }

  return {
    register(...added) {
      for (const secret of added) {
        const known = secrets.get(secret);
        if (known !== undefined) known.count++;
        else {
          const forms = formsOf(secret);
          secrets.set(secret, { count: 1, forms });
          for (const form of forms) learn(form);
        }
      }
    },
    forget(...gone) {
      for (const secret of gone) {
        const known = secrets.get(secret);
        if (known === undefined || --known.count > 0) continue;
        secrets.delete(secret);
        for (const form of known.forms) unlearn(form);
      }
    },
    redact(text) {
      return patterns.reduce((line, [pattern, mask]) => line.replace(pattern, mask), maskKnown(text));
    },
  };
}

function formsOf(secret: string): readonly string[] {
  return secret.length < MIN_LENGTH ? [] : secretForms(secret);
}

/** One expression for all of them; the longest first, as one may begin another. */
function matcherOf(forms: readonly string[]): RegExp {
  const alternatives = forms
    .toSorted((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(alternatives.join('|'), 'g');
}
