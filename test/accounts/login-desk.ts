/** Logs people in at simulated vendors, the vendors playing the person. */
import { answerOf } from '../../src/auth/callback-answer.ts';
import type { LoginMethod } from '../../src/auth/login.ts';
import { systemClock } from '../../src/clock.ts';
import { configuredClient } from '../../src/config/oauth-clients.ts';
import { providers } from '../../src/providers/index.ts';
import { createLogins, type LoginRun, type Logins } from '../../src/service/logins.ts';
import type { SavedAccount } from '../../src/service/save-account.ts';
import type { CredentialRecords } from '../../src/storage/ports.ts';
import type { Internet } from '../support/vendors/internet.ts';
import type { AccountVendor } from '../support/vendors/vendor.ts';

/** The login desk of a gateway whose whole internet is simulated. */
export interface LoginDesk {
  readonly logins: Logins;
  /** Goes through one method of login from beginning to end. */
  logIn(method: LoginMethod, who: string): Promise<SavedAccount>;
  /** What a method is begun with. Polls without waiting. */
  run(method: LoginMethod): LoginRun;
}

/** Opens it over a store of accounts. */
export function loginDesk(internet: Internet, vendor: AccountVendor, records: CredentialRecords): LoginDesk {
  const logins = createLogins({
    records,
    manifests: providers,
    clock: systemClock,
    fetchFor: () => internet.fetch,
    clientOf: (provider) => configuredClient(provider, { 'oauth-clients': {} }, vendor.env ?? {}),
  });
  const run = ({ id }: LoginMethod): LoginRun => ({
    signal: AbortSignal.timeout(20_000),
    wait: async () => {},
    options: vendor.options?.(id) ?? {},
  });
  return {
    logins,
    run,
    async logIn(method, who) {
      const started = await logins.begin(vendor.provider, method.id, run(method));
      switch (started.type) {
        case 'browser': {
          const back = await lacking(vendor, 'approve', vendor.approve?.(started.url, who));
          if (!back.startsWith(started.redirectUri)) throw new Error(`the browser was sent to ${back}`);
          return started.finish(answerOf(new URL(back).searchParams));
        }
        case 'device':
          if (vendor.approveDevice === undefined) throw new Error(`${vendor.provider}: its vendor lacks approveDevice`);
          vendor.approveDevice(started.userCode, who);
          return started.finish();
        case 'secret':
        case 'file':
          return started.finish(await lacking(vendor, 'secret', vendor.secret?.(who)));
      }
    },
  };
}

function lacking<T>(vendor: AccountVendor, member: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`${vendor.provider}: its vendor lacks ${member}`);
  return value;
}
