import type { QuotaReading } from '../auth/login.ts';
import type { ProxyError } from '../errors.ts';
import { AccountPolls, type AskedAccount, type PollOptions } from './account-polls.ts';

/** What is left of an account's plan, as its provider said when it was asked. */
export interface AccountQuota {
  readonly recordId: string;
  readonly provider: string;
  /** Milliseconds since the epoch. */
  readonly askedAtMs: number;
  readonly readings: readonly QuotaReading[];
}

/** What is left of accounts' plans; asked now and then for accounts in use. */
export interface AccountQuotas {
  readonly all: readonly AccountQuota[];
  /** Adds an account, or puts it in place of the one with its record. */
  put(account: AskedAccount): void;
  remove(recordId: string): void;
  start(): void;
  close(): void;
}

/** What it is wired to. */
export interface AccountQuotasOptions extends Pick<PollOptions<unknown>, 'clock' | 'random' | 'isUsed'> {
  /** Hears what a provider said. */
  told(quota: AccountQuota): void;
  /** Why a provider could not be asked. */
  failed(account: AskedAccount, error: ProxyError): void;
}

/** Time between two questions about an account, in milliseconds, give or take a fifth. */
const EVERY_MS = 12.5 * 60_000;
const LOOK_EVERY_MS = 60_000;

/** Knows of no account, and asks nobody before its start. */
export function createAccountQuotas(options: AccountQuotasOptions): AccountQuotas {
  const known = new Map<string, AccountQuota>();
  const polls = new AccountPolls<readonly QuotaReading[]>({
    ...options,
    everyMs: EVERY_MS,
    lookEveryMs: LOOK_EVERY_MS,
    isEager: false,
    ask: async ({ rules, fields }, io) => (await rules.quota?.(fields, io)) ?? [],
    got({ recordId, manifest }, readings) {
      const quota = { recordId, provider: manifest.id, askedAtMs: options.clock.now(), readings };
      known.set(recordId, quota);
      options.told(quota);
    },
  });
  return {
    get all() {
      return [...known.values()];
    },
    put(account) {
      if (account.rules.quota === undefined) this.remove(account.recordId);
      else polls.put(account);
    },
    remove(recordId) {
      known.delete(recordId);
      polls.remove(recordId);
    },
    start: () => polls.start(),
    close: () => polls.close(),
  };
}
