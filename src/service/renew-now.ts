import { accountId } from '../credentials/account-record.ts';
import type { Credential } from '../credentials/credential.ts';
import { servedToken } from '../credentials/served-account.ts';
import { ProxyError } from '../errors.ts';
import type { CredentialRecord } from '../storage/ports.ts';
import { manifestOf } from './desk-account.ts';
import type { AccountStore } from './open-accounts.ts';

/**
 * Has an account's provider give it new tokens, as for a request whose token was refused. Resolves with the new record.
 * Throws ProxyError `upstream_unauthorized` when it needs a new login, `upstream_failed` for everything else.
 */
export async function renewNow(record: CredentialRecord, store: AccountStore): Promise<CredentialRecord> {
  const provider = manifestOf(record);
  if (record.fields['disabled'] === true)
    throw new ProxyError('invalid_request', 'it is disabled: llmproxy accounts enable switches it on');
  if (provider === undefined) throw new ProxyError('invalid_request', 'no provider of this version serves it');
  await store.accounts.sync();
  const token = servedToken(record.fields, provider.account);
  const id = accountId(provider.id, record.id);
  const credential: Credential = { ...PLACEHOLDER, id, provider: provider.id, secret: token, recordId: record.id };
  const renewed = await store.accounts.renew({
    credential,
    provider,
    model: '',
    info: undefined,
    forceMapping: false,
  });
  const fresh = renewed === undefined ? undefined : await store.records.read(record.id);
  if (fresh !== undefined) return fresh;
  const status = store.tokens.statuses().find(({ recordId }) => recordId === record.id);
  if (status === undefined) throw new ProxyError('invalid_request', 'it has no refresh token: log in again');
  const code = status.needsLogin ? 'upstream_unauthorized' : 'upstream_failed';
  throw new ProxyError(code, status.message === '' ? 'its provider gave no new token' : status.message);
}

/** Renewal looks at the record and its token only. */
const PLACEHOLDER: Omit<Credential, 'id' | 'provider' | 'secret'> = {
  kind: 'account',
  label: '',
  source: '',
  headers: {},
  priority: 0,
  weight: 1,
  excludedModels: [],
};
