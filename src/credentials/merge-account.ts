import { isFields } from './field-reader.ts';
import { expiryNames } from './token-times.ts';
import { userFields } from './user-settings.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A record with the fields of a new login or a renewed token. Everything else stays, in its order: what the user set,
 * also in the older spelling with dashes, and what is unknown here. Tokens that lie in `token` are renewed there.
 */
export function withNewFields(fields: Fields, changes: Fields): Fields {
  const nested = fields['token'];
  const accepted = Object.entries(changes).filter(([name, value]) => value !== undefined && !isUsers(fields, name));
  if (!isFields(nested) || 'access_token' in fields) return merged(fields, accepted);
  const inner = accepted.filter(([name]) => name in nested || expiryNames.includes(name) || name.endsWith('_token'));
  const outer = accepted.filter((entry) => !inner.includes(entry));
  return merged({ ...fields, token: merged(nested, inner) }, outer);
}

function isUsers(fields: Fields, name: string): boolean {
  return userFields.has(name) && (name in fields || name.replaceAll('_', '-') in fields);
}

function merged(fields: Fields, changes: readonly (readonly [string, unknown])[]): Fields {
  const fresh = new Map(changes);
  const newExpiry = changes.find(([name]) => expiryNames.includes(name));
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(fields)) {
    // An old date under another name would contradict the new one: the new one takes its place.
    const isOldExpiry = newExpiry !== undefined && expiryNames.includes(name) && !fresh.has(name);
    if (isOldExpiry && !(newExpiry[0] in fields) && !entries.some(([known]) => known === newExpiry[0])) {
      entries.push([newExpiry[0], newExpiry[1]]);
    } else if (!isOldExpiry) entries.push([name, fresh.has(name) ? fresh.get(name) : value]);
  }
  const known = new Set(entries.map(([name]) => name));
  return Object.fromEntries([...entries, ...changes.filter(([name]) => !known.has(name))]);
}
