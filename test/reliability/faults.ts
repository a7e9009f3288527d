/** The faults that the gateway must survive: one row per test. docs/reliability.md is written from it. */

/** What a test must have counted. */
export interface FaultCounts {
  readonly rounds: number;
  /** What the column "must hold" calls lost. */
  readonly lost: number;
}

/** One fault. */
export interface Fault {
  readonly fault: string;
  readonly provoked: string;
  readonly holds: string;
  /** What a round is. */
  readonly round: string;
  readonly counts: FaultCounts;
  /** In this folder; it hands its counts to `recordFault`. */
  readonly test: string;
}

const none = (rounds: number): FaultCounts => ({ rounds, lost: 0 });

/** Names a row. */
export type FaultId =
  | 'kill-token-write'
  | 'kill-encrypted-write'
  | 'kill-under-load'
  | 'disk-full'
  | 'read-only-directory'
  | 'thousand-files'
  | 'config-under-load'
  | 'clock-jump'
  | 'refresh-down'
  | 'refresh-reused'
  | 'two-processes'
  | 'all-in-cooldown'
  | 'error-after-200'
  | 'hang-before-first-byte'
  | 'dns-failure';

/** Every fault by its id. */
export const faults: Readonly<Record<FaultId, Fault>> = {
  'kill-token-write': {
    fault: 'kill -9 during the write of a token',
    provoked: 'a process that does nothing but write account files is killed at a random moment',
    holds: 'every file is whole, and holds the last token whose write was reported or a newer one',
    round: 'kill',
    counts: none(500),
    test: 'record-writes.test.ts',
  },
  'kill-encrypted-write': {
    fault: 'kill -9 during the write of an encrypted token',
    provoked: 'the same with encryption at rest',
    holds: 'the same',
    round: 'kill',
    counts: none(50),
    test: 'record-writes.test.ts',
  },
  'kill-under-load': {
    fault: 'kill -9 under load',
    provoked: 'the gateway is killed while eight clients ask all the time; a provider has paused one of five keys',
    holds: 'after the restart the paused key is not asked, and every conversation is on the key where it was',
    round: 'conversation',
    counts: none(40),
    test: 'state-restart.test.ts',
  },
  'disk-full': {
    fault: 'disk full',
    provoked: 'the file system of accounts and state is filled up; a token ends and is renewed',
    holds: 'no request fails; the new token is used, and written once there is room',
    round: 'renewal',
    counts: none(1),
    test: 'disk-under-server.test.ts',
  },
  'read-only-directory': {
    fault: 'read-only directory',
    provoked: 'accounts and state lie on a read-only mount; a token ends and is renewed',
    holds: 'no request fails; the new token is used, and the log says that it is in memory only',
    round: 'renewal',
    counts: none(1),
    test: 'disk-under-server.test.ts',
  },
  'thousand-files': {
    fault: '1,000 files changed at once',
    provoked: 'the tokens of 1,000 accounts are replaced in their files in one go, under 50 requests/s',
    holds: 'no request fails; afterwards each account is used, with its new token',
    round: 'file',
    counts: none(1000),
    test: 'thousand-files.test.ts',
  },
  'config-under-load': {
    fault: 'configuration replaced under load',
    provoked: 'another configuration each time, taken in by the watcher or by SIGHUP, under 200 requests/s',
    holds: 'no request fails; every configuration takes effect',
    round: 'replacement',
    counts: none(100),
    test: 'reload-under-load.test.ts',
  },
  'clock-jump': {
    fault: 'the clock jumps by a day',
    provoked: 'forwards and backwards, while a key is paused and an account has a token for hours',
    holds: 'no request fails; a pause ends after its own time; tokens are renewed, and none without end',
    round: 'jump',
    counts: none(4),
    test: 'clock.test.ts',
  },
  'refresh-down': {
    fault: 'refresh endpoint down for an hour, then back',
    provoked: 'it answers 503 while the token of an account ends; time runs 300 times faster in the process',
    holds: 'another key answers meanwhile; the endpoint is asked ever less; afterwards the account answers again',
    round: 'hour',
    counts: none(1),
    test: 'clock.test.ts',
  },
  'refresh-reused': {
    fault: 'refresh token reused',
    provoked: 'another program has spent the refresh token of an account; later somebody logs in anew',
    holds: 'no request fails; the token is tried once and the log says so; the new login is used',
    round: 'account',
    counts: none(3),
    test: 'tokens-under-server.test.ts',
  },
  'two-processes': {
    fault: 'two processes on one auth directory',
    provoked: 'two gateways renew the same accounts at the same time; refresh tokens are good for one use',
    holds: 'each is spent once; both gateways use the new tokens',
    round: 'account',
    counts: none(20),
    test: 'tokens-under-server.test.ts',
  },
  'all-in-cooldown': {
    fault: 'all accounts in cooldown',
    provoked: 'every key is paused, for different times',
    holds: "429 with the earliest reset, in the client's dialect, stream or not; nobody is asked",
    round: 'request',
    counts: none(8),
    test: 'upstream-faults.test.ts',
  },
  'error-after-200': {
    fault: 'upstream that answers 200 and then an error event',
    provoked: 'before the first word and after some words, all pairs of dialects',
    holds: "before: another key answers; after: the words so far and an error in the client's dialect, no end",
    round: 'stream',
    counts: none(32),
    test: 'upstream-faults.test.ts',
  },
  'hang-before-first-byte': {
    fault: 'upstream that hangs before the first byte',
    provoked: 'a key is accepted and never answered, all pairs of dialects, stream or not',
    holds: 'after the timeout another key answers, and the hanging connection is let go',
    round: 'request',
    counts: none(32),
    test: 'upstream-faults.test.ts',
  },
  'dns-failure': {
    fault: 'DNS failure',
    provoked: 'the host of the preferred key does not exist; then that of every key',
    holds: "another key answers; without another one 502 in the client's dialect that names the host",
    round: 'request',
    counts: none(16),
    test: 'upstream-faults.test.ts',
  },
};
