import { join } from 'node:path';
import { type AccountReading, accountCredential, accountManifest } from '../credentials/account-record.ts';
import { servedTimes } from '../credentials/served-account.ts';
import { refreshTokenOf } from '../credentials/token-fields.ts';
import { providers } from '../providers/index.ts';
import type { Manifest } from '../providers/provider.ts';
import type { CredentialRecord } from '../storage/ports.ts';

/** A logged-in account as its owner sees it; no secrets. */
export interface DeskAccount {
  /** Id of its record: the path of its file within the directory of accounts. */
  readonly id: string;
  /** Absolute path. */
  readonly file: string;
  /** Id of the provider that serves it; undefined: none of this version does. */
  readonly provider: string | undefined;
  /** What the record says it is. */
  readonly type: string | undefined;
  readonly label: string;
  /** The owner's own words. */
  readonly note: string | undefined;
  readonly plan: string | undefined;
  /** `expired`: its token has ended, and a new one is had at the next request if `isRenewable`. */
  readonly state: 'ready' | 'expired' | 'disabled' | 'no-token' | 'unusable';
  /** Why it cannot be used. */
  readonly message: string | undefined;
  /** ISO 8601; undefined: nobody knows, or never. */
  readonly expiresAt: string | undefined;
  /** ISO 8601. */
  readonly refreshedAt: string | undefined;
  readonly isRenewable: boolean;
  readonly proxyUrl: string | undefined;
  /** Of fields that are not as they should be. */
  readonly warnings: readonly string[];
}

/** The provider of a record. */
export function manifestOf({ fields }: CredentialRecord): Manifest | undefined {
  const { type } = fields;
  if (typeof type !== 'string') return undefined;
  return accountManifest(type, providers) ?? providers.find(({ id }) => id === type.toLowerCase());
}

/** Reads a record for its owner. */
export function deskAccount(record: CredentialRecord, directory: string, nowMs: number): DeskAccount {
  const reading = accountCredential(record, providers);
  const manifest = manifestOf(record);
  const { expiresAtMs, refreshedAtMs } = servedTimes(record.fields, manifest?.account);
  const isEnded = reading.state === 'ready' && expiresAtMs !== undefined && expiresAtMs <= nowMs;
  return {
    id: record.id,
    file: join(directory, record.id),
    provider: manifest?.id,
    type: text(record, 'type'),
    label: text(record, 'label') ?? (reading.state === 'unusable' ? text(record, 'email') : reading.label) ?? record.id,
    note: reading.state === 'unusable' ? text(record, 'note') : reading.note,
    plan: planOf(reading) ?? text(record, 'plan_type') ?? text(record, 'plan'),
    state: isEnded ? 'expired' : reading.state,
    message: reading.state === 'unusable' ? reading.message : undefined,
    expiresAt: isoTime(expiresAtMs),
    refreshedAt: isoTime(refreshedAtMs),
    isRenewable: manifest?.account?.refresh !== undefined && hasRenewal(record, reading, expiresAtMs),
    proxyUrl: withoutLogin(text(record, 'proxy_url') ?? text(record, 'proxy-url')),
    warnings: reading.state === 'unusable' ? [] : reading.warnings,
  };
}

/** A plain key never ends; nor does a token, as far as anybody knows, that came without an end and without another. */
function hasRenewal({ fields }: CredentialRecord, reading: AccountReading, endsAtMs: number | undefined): boolean {
  if (reading.state !== 'ready') return true;
  const isKey = reading.credentials[0].kind === 'api-key';
  return !isKey && (endsAtMs !== undefined || refreshTokenOf(fields) !== undefined);
}

function planOf(reading: AccountReading): string | undefined {
  return reading.state === 'ready' ? reading.credentials[0].plan : undefined;
}

function text({ fields }: CredentialRecord, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** A proxy's password is a secret. */
function withoutLogin(url: string | undefined): string | undefined {
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null || parsed.password === '') return url;
  parsed.password = '***';
  return parsed.href;
}
