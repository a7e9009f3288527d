import { createHash } from 'node:crypto';
import type { AccountFields, NewAccount } from '../auth/login.ts';
import { accountId } from '../credentials/account-record.ts';
import { withNewFields } from '../credentials/merge-account.ts';
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
}

/** Members that say whose account it is: where two records differ in one, they are two accounts. */
const IDENTITY = ['account_uuid', 'organization_uuid', 'account_id', 'sub', 'user_id', 'email', 'client_email'];
/** Members that one of a person's accounts has and another one may not. */
const SCOPE = [...IDENTITY, 'project_id', 'auth_method', 'profile_arn', 'start_url', 'region', 'provider'];
/** Members that name an account wherever they are the same. */
const UNIQUE = ['account_uuid', 'account_id', 'sub'];
const TRIES = 8;

/**
 * Writes the record of a login. An account that is known keeps what the user set, and gets the new tokens; another
 * account's record is never written over. Throws ProxyError `storage_failed`.
 */
export async function saveAccount(wish: AccountToSave): Promise<SavedAccount> {
  const { records, provider, account } = wish;
  for (let tries = 0; tries < TRIES; tries++) {
    const { id, existing } = await placeOf(records, account);
    const record = await records.write(id, fieldsOf(wish, existing), existing?.revision ?? null);
    // Otherwise somebody else was faster: what there is now is read again.
    if (record === undefined) continue;
    const credentialId = accountId(provider, id);
    const { label, notes = [] } = account;
    return { recordId: id, credentialId, provider, label, notes, isNew: existing === undefined, record };
  }
  throw new ProxyError('storage_failed', `the record ${account.recordId} changes all the time`);
}

function fieldsOf({ account, proxyUrl }: AccountToSave, existing: CredentialRecord | undefined): AccountFields {
  const fields = existing === undefined ? account.fields : withNewFields(existing.fields, account.fields);
  if (proxyUrl === undefined) return fields;
  const { 'proxy-url': _, ...others } = fields;
  return { ...others, proxy_url: proxyUrl };
}

interface Place {
  readonly id: string;
  /** Of the same account. */
  readonly existing: CredentialRecord | undefined;
}

async function placeOf(records: CredentialRecords, { recordId, fields }: NewAccount): Promise<Place> {
  for (const id of [recordId, withIdentity(recordId, fields)]) {
    const existing = await records.read(id);
    if (existing !== undefined && isSameAccount(existing.fields, fields, IDENTITY)) return { id, existing };
    if (existing === undefined && id !== recordId) return { id, existing };
    if (existing === undefined) return (await elsewhere(records, fields)) ?? { id, existing };
  }
  throw new ProxyError('storage_failed', `the record ${recordId} belongs to another account`);
}

/** The account under another name: the plan, which is part of it, was another one. */
async function elsewhere(records: CredentialRecords, fields: AccountFields): Promise<Place | undefined> {
  const { records: all } = await records.list();
  const existing = all.find((record) => isUnique(record.fields, fields) && isSameAccount(record.fields, fields, SCOPE));
  return existing === undefined ? undefined : { id: existing.id, existing };
}

function isSameAccount(known: AccountFields, fresh: AccountFields, members: readonly string[]): boolean {
  const differs = (name: string): boolean => {
    const [one, other] = [textOf(known[name]), textOf(fresh[name])];
    return one !== undefined && other !== undefined && one !== other;
  };
  return !['type', ...members].some(differs);
}

function isUnique(known: AccountFields, fresh: AccountFields): boolean {
  const isEqual = (name: string): boolean => {
    const text = textOf(fresh[name]);
    return text !== undefined && text === textOf(known[name]);
  };
  return isEqual('type') && UNIQUE.some(isEqual);
}

function withIdentity(recordId: string, fields: AccountFields): string {
  const identity = IDENTITY.map((name) => textOf(fields[name]) ?? '').join('\n');
  const mark = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  return recordId.replace(/(\.json)?$/i, `-${mark}.json`);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : undefined;
}
