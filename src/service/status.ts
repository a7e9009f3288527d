import type { LoadedConfig } from '../config/parse.ts';
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
  /** Records of accounts that cannot be read. */
  readonly accountProblems: readonly { readonly id: string; readonly message: string }[];
}

/** What a status is read from. */
export interface StatusSource {
  readonly loaded: LoadedConfig;
  readonly current: Current;
  readonly reloader: Reloader;
  readonly accounts: Accounts | undefined;
  readonly runtime: Runtime;
}

/** The status as it is now. */
export function proxyStatus({ loaded, current, reloader, accounts, runtime }: StatusSource): ProxyStatus {
  const { lastError } = reloader;
  return {
    config: {
      file: loaded.file,
      loadedAt: isoTime(reloader.loadedAtMs),
      lastError: lastError && { message: lastError.message, at: isoTime(lastError.atMs) },
      waitForRestart: reloader.waitForRestart,
    },
    credentials: countCredentials(current, accounts, runtime),
    accountProblems: accounts?.problems ?? [],
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
