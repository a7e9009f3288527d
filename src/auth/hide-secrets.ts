/** Keeps what was sent to a vendor out of what is told of its answer: vendors repeat it, in any member. */
import { secretForms } from '../secret-forms.ts';

const MAX_TEXT = 200;
/** Shorter ones stand in every other word. */
const SHORTEST = 4;
const SECRET_MEMBER =
  /token|secret|verifier|assertion|^code$|device_?code|device_auth|password|cookie|authorization|api-?key/i;

/** A text of a vendor as one short line in which none of these secrets stands, in whichever form it is repeated. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf))];
  // A secret may be part of another one.
  const shown = forms
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, '***'), text);
  const line = shown.replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}...` : line;
}

/** The secrets among members of a body, or headers: what is called so. */
export function secretsAmong(members: object): readonly string[] {
  return Object.entries(members).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' && SECRET_MEMBER.test(name) && !name.endsWith('_type') ? partsOf(value) : [],
  );
}

/** Of `Bearer x` and `name=x; other=y` each value as well. */
function partsOf(value: string): readonly string[] {
  const words = value.split(/;\s*|\s+/);
  const named = words.filter((word) => word.includes('=')).map((word) => word.slice(word.indexOf('=') + 1));
  return [value, ...words.slice(1), ...named];
}

function formsOf(secret: string): readonly string[] {
  return [...secretForms(secret), new URLSearchParams({ a: secret }).toString().slice(2)];
}
