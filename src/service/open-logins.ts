import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { configuredClient } from '../config/oauth-clients.ts';
import type { Config } from '../config/schema.ts';
import { ProxyError } from '../errors.ts';
import { providers } from '../providers/index.ts';
import { createFetch } from '../upstream/fetch.ts';
import type { Environment } from '../upstream/proxy-environment.ts';
import { openAccountRecords } from './account-records.ts';
import { createLogins, type Logins } from './logins.ts';
import { createUpstreams } from './upstreams.ts';

/** Logins without a running gateway: one that runs notices the files by itself. */
export interface OpenedLogins {
  readonly logins: Logins;
  /** Where accounts are kept. */
  readonly directory: string;
  close(): Promise<void>;
}

/** What logins are opened with. */
export interface OpenLoginsOptions {
  readonly config: Config;
  /** Keys, apps, proxies and the home directory are read from here. */
  readonly env: Environment;
  readonly clock?: Clock;
  /** For the person, one line; no secrets. */
  readonly warn: (message: string) => void;
}

/** Opens the place for accounts that a configuration names. Throws ProxyError `invalid_config` when there is none. */
export async function openLogins({ config, env, clock = systemClock, warn }: OpenLoginsOptions): Promise<OpenedLogins> {
  const opened = await openAccountRecords({ config, env, clock, warn });
  if (opened === undefined) throw new ProxyError('invalid_config', 'auth-dir: there is no home directory');
  const { directory, records } = opened;
  const upstreams = createUpstreams(env);
  const upstream = upstreams.of(config);
  upstreams.use(upstream);
  const logins = createLogins({
    records,
    manifests: providers,
    clock,
    fetchFor: (proxyUrl) => createFetch(() => upstream.dispatchers, proxyUrl),
    clientOf: (provider) => configuredClient(provider, config, env),
  });
  return {
    logins,
    directory,
    async close() {
      await records.close();
      await upstreams.destroy();
    },
  };
}
