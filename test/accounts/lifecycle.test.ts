/** What a person lives through with two accounts of each provider, from the login to the restart. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LoginMethod } from '../../src/auth/login.ts';
import { providers } from '../../src/providers/index.ts';
import type { AccountFields, Manifest } from '../../src/providers/provider.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { createAccountVendors } from '../support/vendors/index.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { type AccountGateway, type AccountHome, accountHome, everyWay, type Outcome } from './account-gateway.ts';
import { type LoginDesk, loginDesk } from './login-desk.ts';

const played = createAccountVendors().flatMap((vendor) => {
  const manifest = providers.find(({ id }) => id === vendor.provider);
  return manifest?.account?.logins === undefined ? [] : [[vendor.provider, vendor, manifest] as const];
});

it('is lived through with everybody at whom one can log in', () => {
  const expected = providers.filter(({ account }) => (account?.logins ?? []).length > 0).map(({ id }) => id);
  expect(played.map(([id]) => id).toSorted()).toEqual(expected.toSorted());
});

describe.each(played)('two accounts of %s', (_, vendor, manifest) => {
  let internet: Internet;
  let home: AccountHome;
  let gateway: AccountGateway;

  beforeAll(async () => {
    internet = await startInternet(vendor);
    home = accountHome(makeFolder(), { ...internet.env, ...vendor.env });
  });
  afterAll(async () => {
    await internet.close();
    cleanUp();
  });
  const isFlawless = (): void => {
    expect(vendor.complaints).toEqual([]);
    expect(internet.strangers).toEqual([]);
    expect(internet.faults).toEqual([]);
  };
  const ask = (way: (typeof everyWay)[number]): Promise<Outcome> => gateway.ask(way.client, vendor.model, way.stream);

  it('log in', async () => {
    const desk = loginDesk(internet, vendor, home.records);
    for (const who of ['ann', 'bob']) await desk.logIn(methodFor(manifest, who), who);
    expect((await home.records.list()).records).toHaveLength(2);
    gateway = await home.start();
    const live = await liveModels(desk, manifest, (await home.records.list()).records[0]?.fields ?? {});
    const wanted = expect.arrayContaining([vendor.model, ...live]);
    await vi.waitFor(async () => expect(await gateway.models()).toEqual(wanted), { timeout: 5000, interval: 50 });
    expect(await gateway.restingCredentials()).toBe(0);
    isFlawless();
  });

  it.each(everyWay)('serve a client of $client.dialect, streamed: $stream', async (way) => {
    const before = vendor.counts.answers;
    expect(await ask(way)).toMatchObject({ status: 200, text: expect.stringMatching(/\w/) });
    expect(vendor.counts.answers).toBe(before + 1);
    isFlawless();
  });

  it('have tokens counted, by the provider or here', async () => {
    const { status, body } = await gateway.countTokens(vendor.model);
    expect(status, body).toBe(200);
    expect(JSON.parse(body).input_tokens).toBeGreaterThan(0);
    isFlawless();
  });

  it('have their tokens renewed amid a run, and no request notices', async () => {
    const { refreshes } = vendor.counts;
    const run = everyWay.map(async (way, at) => {
      await new Promise((done) => setTimeout(done, at * 10));
      return ask(way);
    });
    vendor.expireTokens();
    for (const { status, body } of await Promise.all(run)) expect(status, body).toBe(200);
    // Whose tokens cannot be renewed says so in the walk of the registry.
    if (manifest.account?.refresh !== undefined) expect(vendor.counts.refreshes).toBeGreaterThan(refreshes);
    isFlawless();
  });

  it('are served by the other when the allowance of one is spent', async () => {
    vendor.exhaust('ann');
    for (const way of everyWay) {
      const { status, body } = await ask(way);
      expect(status, body).toBe(200);
    }
    expect(await gateway.restingCredentials()).toBeGreaterThan(0);
    isFlawless();
  });

  it('are still logged in after a restart', async () => {
    await gateway.stop();
    vendor.expireTokens();
    gateway = await home.start();
    for (const way of everyWay) {
      const { status, body } = await ask(way);
      expect(status, body).toBe(200);
    }
    isFlawless();
  });

  it('tell the client when both are spent', async () => {
    vendor.exhaust();
    const outcomes = await Promise.all(everyWay.map(ask));
    for (const { status, body } of outcomes) expect(status, body).toBe(429);
    isFlawless();
    await gateway.stop();
  });
});

/** The first logs in the usual way, the second in the last that somebody has to sit through: what is brought may end. */
function methodFor({ id, account }: Manifest, who: string): LoginMethod {
  const logins = account?.logins ?? [];
  const other = logins.findLast(({ type }) => type === 'browser' || type === 'device');
  const method = (who === 'ann' ? undefined : other) ?? logins[0];
  if (method === undefined) throw new Error(`nobody can log in to ${id}`);
  return method;
}

/** Ids of the models that the provider names for an account; none: it cannot be asked. */
async function liveModels(desk: LoginDesk, { id, account }: Manifest, fields: AccountFields): Promise<string[]> {
  const [method] = account?.logins ?? [];
  if (method === undefined || account?.listModels === undefined) return [];
  const { fetch, client, signal } = desk.logins.io(id, desk.run(method));
  const models = await account.listModels(fields, { fetch, client, signal, nowMs: Date.now() });
  return models.map((model) => model.id);
}
