/** Logs people in at simulated vendors without keeping anything, the vendors playing the person. */
import type { LoginIo, LoginMethod, NewAccount } from '../../src/auth/login.ts';
import { configuredClient } from '../../src/config/oauth-clients.ts';
import type { Internet } from '../support/vendors/internet.ts';
import type { AccountVendor } from '../support/vendors/vendor.ts';

const STATE = 'state-of-a-test-0123456789';

/** What a login needs, from the simulated world; polls without waiting. */
export function loginIo(internet: Internet, vendor: AccountVendor, method: LoginMethod): LoginIo {
  return {
    fetch: internet.fetch,
    now: () => Date.now(),
    signal: AbortSignal.timeout(20_000),
    client: configuredClient(vendor.provider, { 'oauth-clients': {} }, vendor.env ?? {}),
    progress: () => {},
    wait: async () => {},
    options: vendor.options?.(method.id) ?? {},
  };
}

/** Goes through one method of login from beginning to end. */
export async function logIn(
  internet: Internet,
  vendor: AccountVendor,
  method: LoginMethod,
  who: string,
): Promise<NewAccount> {
  const io = loginIo(internet, vendor, method);
  switch (method.type) {
    case 'browser': {
      const { host, port, path } = method.callback;
      const redirectUri = `http://${host}:${port}${path}`;
      const start = await method.begin(io, redirectUri, STATE);
      const back = await lacking(vendor, 'approve', vendor.approve?.(start.url, who));
      if (!back.startsWith(redirectUri)) throw new Error(`the browser was sent to ${back}`);
      const { searchParams } = new URL(back);
      if (searchParams.get('state') !== STATE) throw new Error(`the state came back as ${searchParams.get('state')}`);
      return start.finish(searchParams.get('code') ?? '');
    }
    case 'device': {
      const start = await method.begin(io);
      if (vendor.approveDevice === undefined) throw new Error(`${vendor.provider}: the vendor lacks approveDevice`);
      vendor.approveDevice(start.userCode, who);
      return start.finish();
    }
    case 'secret':
    case 'file':
      return method.finish(io, await lacking(vendor, 'secret', vendor.secret?.(who)));
  }
}

function lacking<T>(vendor: AccountVendor, member: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`${vendor.provider}: the vendor lacks ${member}`);
  return value;
}
