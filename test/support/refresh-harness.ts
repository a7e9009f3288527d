/** Refreshers ("processes") over one store of accounts and one identity server, with a clock that a test moves. */
import { refreshTokens } from '../../src/auth/oauth-refresh.ts';
import { Refresher } from '../../src/credentials/refresher.ts';
import type { CredentialRecord, CredentialRecords } from '../../src/storage/ports.ts';
import { type IdentityServer, startIdentityServer } from './identity-server.ts';

/** Minutes in milliseconds. */
export const MINUTE = 60_000;

/** One process. */
export interface RefreshProcess {
  readonly refresher: Refresher;
  readonly warnings: string[];
  /** Records it was told of, in order. */
  readonly renewed: CredentialRecord[];
  put(record: CredentialRecord): CredentialRecord;
}

/** What the processes share. */
export interface RefreshWorld {
  readonly server: IdentityServer;
  /** What the processes' clocks add to the machine's. */
  shiftMs: number;
  now(): number;
  process(records: CredentialRecords, workers?: number): RefreshProcess;
  /** Fields of an account whose token ends in so long. */
  fields(account: string, endsInMs: number): CredentialRecord['fields'];
  close(): Promise<void>;
}

/** Starts the identity server. */
export async function startRefreshWorld(leadMs: number = 5 * MINUTE): Promise<RefreshWorld> {
  const server = await startIdentityServer();
  const refreshers: Refresher[] = [];
  const world: RefreshWorld = {
    server,
    shiftMs: 0,
    now: () => Date.now() + world.shiftMs,
    fields: (account, endsInMs) => ({
      type: 'test',
      email: `${account}@example.test`,
      access_token: `access-${account}-1`,
      refresh_token: server.valid(account),
      expired: new Date(world.now() + endsInMs).toISOString(),
      last_refresh: new Date(world.now() + endsInMs - 60 * MINUTE).toISOString(),
    }),
    process(records, workers = 16) {
      const warnings: string[] = [];
      const renewed: CredentialRecord[] = [];
      const refresher = new Refresher({
        records,
        clock: { now: () => world.now() },
        random: Math.random,
        workers: () => workers,
        renewed: (record) => void renewed.push(record),
        warn: (message) => void warnings.push(message),
      });
      refreshers.push(refresher);
      const grant = { url: server.url, clientId: 'client-1', encoding: 'form' } as const;
      const rules = {
        types: ['test'],
        refreshLeadMs: leadMs,
        refresh: (fields: CredentialRecord['fields'], io: Parameters<typeof refreshTokens>[2]) =>
          refreshTokens(fields, grant, io),
      };
      const put = (record: CredentialRecord): CredentialRecord =>
        refresher.put({ record, rules, label: String(record.fields['email']), fetch });
      return { refresher, warnings, renewed, put };
    },
    async close() {
      await Promise.all(refreshers.map((refresher) => refresher.close()));
      await server.close();
    },
  };
  return world;
}

/** Waits until something holds; fails loudly when it never does. */
export async function until(holds: () => boolean, withinMs = 10_000): Promise<void> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > withinMs) throw new Error(`did not happen within ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
