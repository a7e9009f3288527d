import type { QuotaReading } from '../auth/login.ts';
import type { LoadedConfig } from '../config/parse.ts';

import type { AccountStatus } from '../credentials/refresher.ts';
import type { AccountQuota } from './account-quota.ts';
import type { Accounts } from './accounts.ts';
import type { Reloader } from './reload.ts';
import type { Runtime } from './runtime.ts';
import type { Current } from './snapshot.ts';

/** How many credentials there are, by what can be done with them now. */
export interface CredentialCounts {
  readonly total: number;
  readonly ready: number;
  /** Some of its models are not to be used now. */
  readonly limited: number;
  /** None of its models is to be used now. */
  readonly cooling: number;
  /** Accounts that the user switched off. */
  readonly disabled: number;
  /** Accounts that have no token, or that no provider of this version serves. */
  readonly unusable: number;
}

/** What a gateway works with. */
export interface ProxyStatus {
  readonly config: {
    /** Undefined: there is no file. */
    readonly file: string | undefined;
    /** ISO 8601. */
    readonly loadedAt: string;
    /** Why the file as it is now is not in use. */
    readonly lastError: { readonly message: string; readonly at: string } | undefined;
    /** Changed keys that take effect only after a restart. */
    readonly waitForRestart: readonly string[];
  };
  readonly credentials: CredentialCounts;
  /** Records of accounts that cannot be read, or that no account can be made of. */
  readonly accountProblems: readonly { readonly id: string; readonly message: string }[];
  /** Accounts whose tokens are renewed here. */
  readonly tokens: TokenSummary;
  /** What is left of the plans of accounts in use, as their providers said when they were asked. */
  readonly plans: readonly PlanStatus[];
}

/** What is left of the plan of an account. */
export interface PlanStatus {
  /** Its file. */
  readonly id: string;
  readonly provider: string;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly readings: readonly QuotaReading[];
}

/** How the tokens of accounts fare. */
export interface TokenSummary {
  readonly active: number;
  /** A renewal is under way. */
  readonly refreshing: number;
  readonly failing: number;
  /** Of those, which nothing but a new login helps. */
  readonly needLogin: number;
  /** New ones in memory only, as they could not be written. */
  readonly unsaved: number;
  /** Every account that is not simply well, by its file. */
  readonly troubled: readonly TroubledToken[];
}

/** An account whose token cannot be renewed, or not be written. */
export interface TroubledToken {
  readonly id: string;
  readonly label: string;
  readonly state: AccountStatus['state'];
  readonly message: string;
  readonly needsLogin: boolean;
  readonly isUnsaved: boolean;
  readonly failures: number;
  /** ISO 8601, as the next one; undefined: nobody knows. */
  readonly expiresAt: string | undefined;
  /** When it is tried next; undefined: not by itself. */
  readonly nextTryAt: string | undefined;
}

/** What a status is read from. */
export interface StatusSource {
  readonly loaded: LoadedConfig;
  readonly current: Current;
  readonly reloader: Reloader;
  readonly accounts: Accounts | undefined;
  readonly tokens: { statuses(): readonly AccountStatus[] } | undefined;
  readonly questions: { readonly quotas: readonly AccountQuota[] } | undefined;
  readonly runtime: Runtime;
}

/** The status as it is now. */
export function proxyStatus(source: StatusSource): ProxyStatus {
  const { loaded, current, reloader, accounts, tokens, questions, runtime } = source;
  const { lastError } = reloader;
  return {
    config: {
      file: loaded.file,
      loadedAt: isoTime(reloader.loadedAtMs),
      lastError: lastError && { message: lastError.message, at: isoTime(lastError.atMs) },
      waitForRestart: reloader.waitForRestart,
    },
    credentials: countCredentials(current, accounts, runtime),
    accountProblems: problemsOf(accounts),
    tokens: summaryOf(tokens?.statuses() ?? []),
    plans: (questions?.quotas ?? []).map(planStatus),
  };
}

function planStatus({ recordId, provider, askedAtMs, readings }: AccountQuota): PlanStatus {
  return { id: recordId, provider, askedAt: isoTime(askedAtMs), readings };
}

function problemsOf(accounts: Accounts | undefined): ProxyStatus['accountProblems'] {
  const unread = (accounts?.problems ?? []).map(({ id, message }) => ({ id, message }));
  const unusable = (accounts?.readings() ?? []).flatMap((reading) =>
    reading.state === 'unusable' ? { id: reading.recordId, message: reading.message } : [],
  );
  return [...unread, ...unusable];
}

function summaryOf(statuses: readonly AccountStatus[]): TokenSummary {
  const isFailing = ({ failures }: AccountStatus): boolean => failures > 0;
  return {
    active: statuses.filter(({ state }) => state === 'active').length,
    refreshing: statuses.filter(({ state }) => state === 'refreshing').length,
    failing: statuses.filter(isFailing).length,
    needLogin: statuses.filter(({ needsLogin }) => needsLogin).length,
    unsaved: statuses.filter(({ isUnsaved }) => isUnsaved).length,
    troubled: statuses.filter((status) => isFailing(status) || status.isUnsaved).map(troubledToken),
  };
}

function troubledToken({ recordId, expiresAtMs, dueAtMs, refreshedAtMs: _, ...status }: AccountStatus): TroubledToken {
  return {
    id: recordId,
    ...status,
    expiresAt: expiresAtMs === undefined ? undefined : isoTime(expiresAtMs),
    nextTryAt: dueAtMs === undefined ? undefined : isoTime(dueAtMs),
  };
}

function countCredentials(
  { snapshot }: Current,
  accounts: Accounts | undefined,
  { manager }: Runtime,
): CredentialCounts {
  const { credentials, echoOnly } = snapshot.roster;
  const usable = echoOnly ? 0 : credentials.size;
  const states = manager.snapshot().filter(({ credentialId }) => credentials.has(credentialId));
  const cooling = new Set(states.filter(({ model }) => model === undefined).map(({ credentialId }) => credentialId));
  const limited = new Set(states.map(({ credentialId }) => credentialId).filter((id) => !cooling.has(id)));
  const readings = accounts?.readings() ?? [];
  const disabled = readings.filter(({ state }) => state === 'disabled').length;
  const unusable = readings.filter(({ state }) => state === 'no-token' || state === 'unusable').length;
  return {
    total: usable + disabled + unusable,
    ready: usable - cooling.size - limited.size,
    limited: limited.size,
    cooling: cooling.size,
    disabled,
    unusable,
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
