import type { AccountFields, AccountRules, ServedAccount } from '../providers/provider.ts';
import { accessTokenOf } from './token-fields.ts';
import { type TokenTimes, tokenTimes } from './token-times.ts';

/** How to read the records of a provider; absent: as most of them are. */
export type RecordRules = Pick<AccountRules, 'serve'> | undefined;

type Serve = NonNullable<AccountRules['serve']>;

/** Read once: thousands of accounts are looked through again and again, and some providers take tokens apart. */
const known = new WeakMap<Serve, WeakMap<AccountFields, ServedAccount>>();

/** What its requests need; of a record that says nothing of use, nothing. */
function servedOf(fields: AccountFields, rules: RecordRules): ServedAccount {
  const serve = rules?.serve;
  if (serve === undefined) return {};
  const byFields = known.get(serve) ?? new WeakMap<AccountFields, ServedAccount>();
  known.set(serve, byFields);
  let served = byFields.get(fields);
  if (served === undefined) {
    served = readServed(fields, serve.bind(rules));
    byFields.set(fields, served);
  }
  return served;
}

function readServed(fields: AccountFields, serve: Serve): ServedAccount {
  try {
    return serve(fields);
  } catch {
    return {};
  }
}

/** The secret that requests are sent with; undefined: there is none now. */
export function servedToken(fields: AccountFields, rules: RecordRules): string | undefined {
  const { secret } = servedOf(fields, rules);
  return secret === null ? undefined : (secret ?? accessTokenOf(fields));
}

/** When that secret ends, and when it was made. */
export function servedTimes(fields: AccountFields, rules: RecordRules): TokenTimes {
  const times = tokenTimes(fields);
  const { expiresAtMs } = servedOf(fields, rules);
  return expiresAtMs === undefined ? times : { ...times, expiresAtMs };
}
