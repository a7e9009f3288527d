import { configuredClient } from '../../config/oauth-clients.ts';
import type { WebLogins } from '../../management/logins/web-logins.ts';
import { providers } from '../../providers/index.ts';
import { createFetch } from '../../upstream/fetch.ts';
import { createLogins } from '../logins.ts';
import type { AccountStore } from '../open-accounts.ts';
import type { Runtime } from '../runtime.ts';
import type { Current } from '../snapshot.ts';
import { createForwarders } from './callback-forwarder.ts';
import { createWebLogins } from './web-logins.ts';

/** Logins from browsers into the accounts that a gateway serves. */
export interface OpenedWebLogins extends WebLogins {
  /** The gateway listens there now. */
  listensAt(url: string): void;
  close(): void;
}

/** No login is under way, and no port is open. */
export function openWebLogins(current: Current, runtime: Runtime, store: AccountStore): OpenedWebLogins {
  const { clock, env, logger, upstreams } = runtime;
  const config = (): Current['snapshot']['config'] => current.snapshot.config;
  let origin: string | undefined;
  const logins = createLogins({
    records: store.records,
    manifests: providers,
    clock,
    fetchFor: (proxyUrl) => createFetch(() => upstreams.of(config()).dispatchers, proxyUrl),
    clientOf: (provider) => configuredClient(provider, config(), env),
    // Served at once, not only when the folder is seen to have changed.
    saved({ record, provider }) {
      store.accounts.changed(record.id, record);
      logger.info({ provider, account: record.id }, 'an account was logged in from a browser');
    },
  });
  const web = createWebLogins({
    logins,
    clock,
    env,
    directory: store.directory,
    forwarders: createForwarders(() => forwarderHosts(config().host)),
    origin: () => origin,
    failed: (error) => logger.error({ error }, 'a login from a browser failed'),
  });
  return {
    providers: web.providers,
    begin: (wish) => web.begin(wish),
    find: (state) => web.find(state),
    comeBack: (...answer) => web.comeBack(...answer),
    cancel: (state) => web.cancel(state),
    bring: (wish, text) => web.bring(wish, text),
    takeOver: (name, importId) => web.takeOver(name, importId),
    listensAt(url) {
      origin = browserOrigin(url);
    },
    close: () => web.close(),
  };
}

/** Where only this machine reaches the gateway, only this machine reaches the forwarder; a container's ports lead to all. */
function forwarderHosts(host: string): readonly string[] {
  return /^(localhost|127\..*|\[?::1\]?)$/.test(host) ? ['127.0.0.1', '::1'] : [host];
}

/** An address of "everywhere" is none that a browser can go to. */
function browserOrigin(url: string): string {
  const at = new URL(url);
  if (/^(0\.0\.0\.0|\[::\])$/.test(at.hostname)) at.hostname = '127.0.0.1';
  return at.origin;
}
