import type { AccountFields } from '../providers/provider.ts';
import { isFields } from './field-reader.ts';

/** The token that the provider gave for requests. */
export function accessTokenOf(fields: AccountFields): string | undefined {
  return memberOf(fields, 'access_token');
}

/** The token that new ones are had for. */
export function refreshTokenOf(fields: AccountFields): string | undefined {
  return memberOf(fields, 'refresh_token');
}

function memberOf(fields: AccountFields, name: string): string | undefined {
  const nested = fields['token'];
  const value = fields[name] ?? (isFields(nested) ? nested[name] : undefined);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
