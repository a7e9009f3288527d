import { createHash } from 'node:crypto';

/** File systems take 255 bytes. */
const MAX_PART = 100;
/** Names that Windows keeps for devices. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * Id of a record: the parts joined by `-`, as a file name that is the same on every system. Letters, digits and `@._+-`
 * stay (e-mail addresses); where anything had to go, a hash of the whole keeps two accounts apart.
 */
export function recordId(...parts: readonly (string | undefined)[]): string {
  const known = parts.filter((part) => part !== undefined && part.trim() !== '').map((part) => (part ?? '').trim());
  const clean = known.map(safePart).join('-');
  const [first = ''] = clean.split('.');
  const isChanged = known.join('-') !== clean || DEVICE.test(first);
  const hash = createHash('sha256').update(known.join('\n')).digest('hex').slice(0, 8);
  const name = isChanged || clean === '' ? [clean, hash].filter((part) => part !== '').join('-') : clean;
  return `${DEVICE.test(name.split('.')[0] ?? '') ? `account-${name}` : name}.json`;
}

/** A plan as it stands in file names: lower case, everything but letters and digits a `-`. */
export function planPart(plan: string): string {
  return plan
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

function safePart(part: string): string {
  const safe = part
    .normalize('NFC')
    .replaceAll(/[^A-Za-z0-9@._+-]+/g, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[.]+|[.]+$/g, '');
  return safe.slice(0, MAX_PART);
}
