import { createHash } from 'node:crypto';
import type { AccountFields, NewAccount } from '../auth/login.ts';
import { accountId } from '../credentials/account-record.ts';
import { withNewFields } from '../credentials/merge-account.ts';
import { tokenTimes } from '../credentials/token-times.ts';
import { ProxyError } from '../errors.ts';
import type { CredentialRecord, CredentialRecords } from '../storage/ports.ts';

/** A login that is kept. */
export interface SavedAccount {
  readonly recordId: string;
  /** Of the credential that requests are served with. */
  readonly credentialId: string;
  readonly provider: string;
  readonly label: string;
  /** What the person should know of it, one line each. */
  readonly notes: readonly string[];
  /** False: the account was known, and has new tokens now. */
  readonly isNew: boolean;
  readonly record: CredentialRecord;
}

/** What is kept, and where. */
export interface AccountToSave {
  readonly records: CredentialRecords;
  readonly provider: string;
  readonly account: NewAccount;
  /** The account's own proxy, as the person said; absent: as before. */
  readonly proxyUrl?: string | undefined;
  /** Another program's login: what it has may be older than what is here. */
  readonly isTakenOver?: boolean;
}

/** Members that say whose account it is: where two records differ in one, they are two accounts. */
const IDENTITY = ['account_uuid', 'organization_uuid', 'account_id', 'sub', 'user_id', 'email', 'client_email'];
/** Members that one of a person's accounts has and another one may not. */
const SCOPE = [...IDENTITY, 'project_id', 'auth_method', 'profile_arn', 'start_url', 'region', 'provider'];
/** Members that name an account wherever they are the same. */
const UNIQUE = ['account_uuid', 'account_id', 'sub'];
const TRIES = 8;
const NEWER_HERE = 'It was taken over before and renewed since: the newer tokens stay.';

/**
 * Writes the record of a login. An account that is known keeps what the user set, and gets the new tokens; another
 * account's record is never written over. Throws ProxyError `storage_failed`.
 */
export async function saveAccount(wish: AccountToSave): Promise<SavedAccount> {
  const { records, provider, account } = wish;
  for (let tries = 0; tries < TRIES; tries++) {
    const { id, existing } = await placeOf(wish);
    const isOlder = wish.isTakenOver === true && existing !== undefined && endsSooner(account.fields, existing.fields);
    const fields = isOlder ? withProxy(existing.fields, wish) : fieldsOf(wish, existing);
    const record = await records.write(id, fields, existing?.revision ?? null);
    // Otherwise somebody else was faster: what there is now is read again.
    if (record === undefined) continue;
    const credentialId = accountId(provider, id);
    const { label } = account;
    const notes = isOlder ? [NEWER_HERE] : (account.notes ?? []);
    return { recordId: id, credentialId, provider, label, notes, isNew: existing === undefined, record };
  }
  throw new ProxyError('storage_failed', `the record ${account.recordId} changes all the time`);
}

function fieldsOf(wish: AccountToSave, existing: CredentialRecord | undefined): AccountFields {
  const { fields } = wish.account;
  return withProxy(existing === undefined ? fields : withNewFields(existing.fields, fields), wish);
}

/** A refresh token is worth nothing once it was spent: who offers it again may lose the whole login. */
function endsSooner(fresh: AccountFields, known: AccountFields): boolean {
  const [freshMs, knownMs] = [tokenTimes(fresh).expiresAtMs, tokenTimes(known).expiresAtMs];
  return freshMs !== undefined && knownMs !== undefined && freshMs < knownMs;
}

function withProxy(fields: AccountFields, { proxyUrl }: AccountToSave): AccountFields {
  if (proxyUrl === undefined) return fields;
  const { 'proxy-url': _, ...others } = fields;
  return { ...others, proxy_url: proxyUrl };
}

interface Place {
  readonly id: string;
  /** Of the same account. */
  readonly existing: CredentialRecord | undefined;
}

async function placeOf(wish: AccountToSave): Promise<Place> {
  const { records, account } = wish;
  const { recordId, fields } = account;
  for (const id of [recordId, withIdentity(recordId, fields)]) {
    const existing = await records.read(id);
    if (existing !== undefined && isSameAccount(existing.fields, fields, IDENTITY)) return { id, existing };
    if (existing === undefined && id !== recordId) return { id, existing };
    if (existing === undefined) return (await elsewhere(wish)) ?? { id, existing };
  }
  throw new ProxyError('storage_failed', `the record ${recordId} belongs to another account`);
}

/** The account under another name: the plan, which is part of it, was another one. */
async function elsewhere({ records, account, isTakenOver }: AccountToSave): Promise<Place | undefined> {
  const { fields } = account;
  const { records: all } = await records.list();
  const existing = all.find(
    ({ fields: known }) =>
      (isTakenOver === true && isOneLogin(known, fields)) ||
      (isUnique(known, fields) && isSameAccount(known, fields, SCOPE)),
  );
  return existing === undefined ? undefined : { id: existing.id, existing };
}

function isSameAccount(known: AccountFields, fresh: AccountFields, members: readonly string[]): boolean {
  const differs = (name: string): boolean => {
    const [one, other] = [textOf(known[name]), textOf(fresh[name])];
    return one !== undefined && other !== undefined && one !== other;
  };
  return !['type', ...members].some(differs);
}

/** One refresh token is one login, whatever name it got: of two records, one would spend what the other one has. */
function isOneLogin(known: AccountFields, fresh: AccountFields): boolean {
  const places = SCOPE.filter((name) => name !== 'email');
  return isEqual('refresh_token', known, fresh) && isSameAccount(known, fresh, places);
}

function isUnique(known: AccountFields, fresh: AccountFields): boolean {
  return isEqual('type', known, fresh) && UNIQUE.some((name) => isEqual(name, known, fresh));
}

function isEqual(name: string, known: AccountFields, fresh: AccountFields): boolean {
  const text = textOf(fresh[name]);
  return text !== undefined && text === textOf(known[name]);
}

function withIdentity(recordId: string, fields: AccountFields): string {
  const identity = IDENTITY.map((name) => textOf(fields[name]) ?? '').join('\n');
  const mark = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  return recordId.replace(/(\.json)?$/i, `-${mark}.json`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : undefined;
}
