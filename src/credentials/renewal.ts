import { setTimeout as sleep } from 'node:timers/promises';
import type { OauthClient } from '../auth/login.ts';
import type { Clock } from '../clock.ts';
import { ProxyError } from '../errors.ts';
import type { AccountFields, AccountRules } from '../providers/provider.ts';
import type { CredentialRecord, CredentialRecords } from '../storage/ports.ts';
import { withNewFields } from './merge-account.ts';
import { servedTimes, servedToken } from './served-account.ts';
import { accessTokenOf, refreshTokenOf } from './token-fields.ts';
import { tokenTimes } from './token-times.ts';

/** What one renewal works with. */
export interface Renewal {
  readonly records: CredentialRecords;
  readonly clock: Clock;
  /** As it was read last. */
  readonly record: CredentialRecord;
  readonly rules: AccountRules & Required<Pick<AccountRules, 'refresh'>>;
  /** See `AccountIo.client`. */
  readonly client: OauthClient | undefined;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** Its token is of no use any more: better a new one that cannot be written than none. */
  readonly isUrgent: boolean;
  warn(message: string): void;
}

/** What became of it. */
export type Renewed =
  /** `isTaken`: somebody else had renewed it already. */
  | { readonly state: 'stored'; readonly record: CredentialRecord; readonly isTaken: boolean }
  /** The provider has given new tokens, which could not be written. */
  | {
      readonly state: 'unsaved';
      readonly record: CredentialRecord;
      readonly unsaved: UnsavedTokens;
      readonly why: ProxyError;
    }
  /** Its record was deleted. */
  | { readonly state: 'gone' };

/** New tokens that are in memory only. */
export interface UnsavedTokens {
  readonly recordId: string;
  /** The refresh token that they came from, and that is worth nothing any more. */
  readonly spent: unknown;
  readonly changes: AccountFields;
}

/** The mark of a process that is about to spend the refresh token; others wait, and take what it gets. */
const CLAIM = 'llmproxy_renewing_until';
/** Longer than a renewal may take; a process that dies over it blocks others no longer than this. */
const CLAIM_MS = 45_000;
const POLL_MS = 250;
const TRIES = 8;

/**
 * Exchanges the refresh token of a record for new tokens and writes them. A refresh token is spent by one process only:
 * the record is marked first, with a compare-and-set, and read again. Rejects with what the provider or the store says.
 */
export async function renewRecord(renewal: Renewal): Promise<Renewed> {
  const known = servedToken(renewal.record.fields, renewal.rules);
  for (let tries = 0; tries < TRIES; ) {
    const fresh = await renewal.records.read(renewal.record.id);
    if (fresh === undefined) return { state: 'gone' };
    if (isNewer(fresh, known, renewal)) return { state: 'stored', record: fresh, isTaken: true };
    if (claimEndsInMs(fresh.fields, renewal.clock.now()) > 0) {
      await sleep(POLL_MS, undefined, { signal: renewal.signal }).catch(() => {
        throw new ProxyError('upstream_timeout', 'another process took too long to renew it');
      });
      continue;
    }
    const claimed = await claim(renewal, fresh);
    if (claimed !== undefined) return spend(renewal, claimed);
    tries++;
  }
  throw new ProxyError('storage_failed', 'the record changes all the time');
}

/** The same for tokens that could not be written: what the store has is older. */
export function renewUnsaved(renewal: Renewal): Promise<Renewed> {
  return spend(renewal, renewal.record);
}

function isNewer({ fields }: CredentialRecord, known: string | undefined, { rules, clock }: Renewal): boolean {
  const token = servedToken(fields, rules);
  const nowMs = clock.now();
  return token !== undefined && token !== known && (servedTimes(fields, rules).expiresAtMs ?? nowMs + 1) > nowMs;
}

/** Undefined: somebody else was faster. */
async function claim(
  { records, clock, isUrgent, warn }: Renewal,
  fresh: CredentialRecord,
): Promise<CredentialRecord | undefined> {
  const until = new Date(clock.now() + CLAIM_MS).toISOString();
  try {
    return await records.write(fresh.id, { ...fresh.fields, [CLAIM]: until }, fresh.revision);
  } catch (error) {
    if (!isUrgent) throw error;
    warn(`${fresh.id} cannot be written, its token is renewed nevertheless: ${messageOf(error)}`);
    return fresh;
  }
}

async function spend(renewal: Renewal, claimed: CredentialRecord): Promise<Renewed> {
  const { records, clock, record } = renewal;
  const fields = withoutClaim(claimed.fields);
  const io = { fetch: renewal.fetch, nowMs: clock.now(), signal: renewal.signal, client: renewal.client };
  let changes: AccountFields;
  try {
    changes = await renewal.rules.refresh(fields, io);
  } catch (error) {
    const taken = await giveUp(renewal, claimed);
    if (taken === undefined) throw error;
    return { state: 'stored', record: taken, isTaken: true };
  }
  const unsaved: UnsavedTokens = { recordId: record.id, spent: refreshTokenOf(fields), changes };
  try {
    return await saveTokens(records, unsaved, claimed);
  } catch (error) {
    const why =
      error instanceof ProxyError ? error : new ProxyError('storage_failed', messageOf(error), { cause: error });
    // It is not what the store has under that revision.
    const revision = `${claimed.revision} unsaved`;
    return { state: 'unsaved', record: { ...claimed, revision, fields: withNewFields(fields, changes) }, unsaved, why };
  }
}

/** Takes the mark away. Resolves with the record when a program that knows no marks has renewed it meanwhile. */
async function giveUp(renewal: Renewal, claimed: CredentialRecord): Promise<CredentialRecord | undefined> {
  const { records, record, rules } = renewal;
  try {
    if (!(CLAIM in claimed.fields)) return undefined;
    if ((await records.write(claimed.id, withoutClaim(claimed.fields), claimed.revision)) !== undefined)
      return undefined;
    const fresh = await records.read(claimed.id);
    return fresh !== undefined && isNewer(fresh, servedToken(record.fields, rules), renewal) ? fresh : undefined;
  } catch {
    // The mark ends by itself; why the renewal failed matters more.
    return undefined;
  }
}

/** Writes new tokens into the record as it is now: what the user changed meanwhile stays. Throws what the store says. */
export async function saveTokens(
  records: CredentialRecords,
  { recordId, spent, changes }: UnsavedTokens,
  known?: CredentialRecord,
): Promise<Renewed> {
  let base = known;
  for (let tries = 0; tries < TRIES; tries++) {
    base ??= await records.read(recordId);
    if (base === undefined) return { state: 'gone' };
    const isOthers = refreshTokenOf(base.fields) !== spent && accessTokenOf(base.fields) !== changes['access_token'];
    if (isOthers && endOf(base.fields) >= endOf(changes)) return { state: 'stored', record: base, isTaken: true };
    const next = withNewFields(withoutClaim(base.fields), changes);
    const written = await records.write(recordId, next, base.revision);
    if (written !== undefined) return { state: 'stored', record: written, isTaken: false };
    base = undefined;
  }
  throw new ProxyError('storage_failed', 'the record changes all the time');
}

function endOf(fields: AccountFields): number {
  return tokenTimes(fields).expiresAtMs ?? 0;
}

/** A mark from the far future is that of a clock that was wrong. */
function claimEndsInMs(fields: AccountFields, nowMs: number): number {
  const until = fields[CLAIM];
  const leftMs = typeof until === 'string' ? Date.parse(until) - nowMs : 0;
  return leftMs <= CLAIM_MS ? leftMs : 0;
}

function withoutClaim({ [CLAIM]: _, ...fields }: AccountFields): AccountFields {
  return fields;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
