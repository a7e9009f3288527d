/** What simulated vendors with accounts keep books of: who holds which token, who has used up what, and what went wrong. */
import { randomBytes } from 'node:crypto';
import type { AccountVendor, VendorRequest } from './vendor.ts';

/** Tokens of one kind and their holders. */
export class Tokens {
  readonly #kind: string;
  readonly #holders = new Map<string, string>();
  readonly #ended = new Set<string>();

  constructor(kind: string) {
    this.#kind = kind;
  }

  issue(who: string): string {
    const token = `fake-${this.#kind}-${who}-${randomBytes(6).toString('hex')}`;
    this.#holders.set(token, who);
    return token;
  }

  /** Of a token that is valid. */
  holder(token: string | undefined): string | undefined {
    return token === undefined || this.#ended.has(token) ? undefined : this.#holders.get(token);
  }

  /** Whether it was ever given. */
  knows(token: string | undefined): boolean {
    return token !== undefined && this.#holders.has(token);
  }

  end(token: string): void {
    this.#ended.add(token);
  }

  endAll(): void {
    for (const token of this.#holders.keys()) this.#ended.add(token);
  }
}

/** Codes that people type. */
export class DeviceCodes {
  readonly #waiting = new Map<string, { readonly userCode: string; polls: number; verdict: string | undefined }>();

  /** `isOne`: the code that is typed is the one that is asked with. */
  begin(isOne = false): { readonly deviceCode: string; readonly userCode: string } {
    const secret = `fake-device-${randomBytes(8).toString('hex')}`;
    const userCode = `${randomBytes(2).toString('hex')}-${randomBytes(2).toString('hex')}`.toUpperCase();
    const deviceCode = isOne ? userCode : secret;
    this.#waiting.set(deviceCode, { userCode, polls: 0, verdict: undefined });
    return { deviceCode, userCode };
  }

  /** The person decides: who it is, or `denied`. */
  decide(userCode: string, verdict: string): void {
    const code = [...this.#waiting.values()].find((waiting) => waiting.userCode === userCode);
    if (code === undefined) throw new Error(`nobody waits for the code ${userCode}`);
    code.verdict = verdict;
  }

  /**
   * What a poll learns: first that the person has not decided, then that it was asked too often, whatever the person
   * did; a code that was used is gone.
   */
  poll(
    deviceCode: string,
  ): 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | { who: string } {
    const code = this.#waiting.get(deviceCode);
    if (code === undefined) return 'expired_token';
    code.polls += 1;
    if (code.polls === 1 || code.verdict === undefined) return 'authorization_pending';
    if (code.polls === 2) return 'slow_down';
    this.#waiting.delete(deviceCode);
    return code.verdict === 'denied' ? 'access_denied' : { who: code.verdict };
  }
}

/** What every vendor writes down. */
export class Ledger {
  readonly complaints: string[] = [];
  readonly counts: { refreshes: number; answers: number } = { refreshes: 0, answers: 0 };
  readonly codes: DeviceCodes = new DeviceCodes();
  readonly #spent = new Set<string>();
  #allSpent = false;

  complain(request: VendorRequest, words: string): void {
    this.complaints.push(`${request.method} ${request.host}${request.path}: ${words}`);
  }

  /** Complains unless it holds. */
  demand(request: VendorRequest, holds: boolean, words: string): void {
    if (!holds) this.complain(request, words);
  }

  isSpent(who: string): boolean {
    return this.#allSpent || this.#spent.has(who);
  }

  /** The members of a vendor that are the same everywhere. */
  members(): Pick<AccountVendor, 'approveDevice' | 'denyDevice' | 'exhaust' | 'restore' | 'complaints' | 'counts'> {
    return {
      approveDevice: (userCode, who = 'ann') => this.codes.decide(userCode, who),
      denyDevice: (userCode) => this.codes.decide(userCode, 'denied'),
      exhaust: (who) => {
        if (who === undefined) this.#allSpent = true;
        else this.#spent.add(who);
      },
      restore: () => {
        this.#allSpent = false;
        this.#spent.clear();
      },
      complaints: this.complaints,
      counts: this.counts,
    };
  }
}

/** The token of an `Authorization` header with that scheme. */
export function authorization({ headers }: VendorRequest, scheme: string): string | undefined {
  const value = headers['authorization'];
  const text = typeof value === 'string' ? value : '';
  return text.startsWith(`${scheme} `) ? text.slice(scheme.length + 1) : undefined;
}

/** A header as one text; '' when there is none. */
export function header({ headers }: VendorRequest, name: string): string {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
