/** What a control panel does for a person who logs in: auth-url, the provider's page, the status until it is ok. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { webProviders } from '../../src/service/web/web-providers.ts';
import { cleanUp, makeFolder } from '../integration/cli-process.ts';
import { createAccountVendors } from '../support/vendors/index.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import { type AccountGateway, accountHome, everyWay } from './account-gateway.ts';
import { type ControlPanel, controlPanel } from './control-panel.ts';

const fastPolls = { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'fast-polls.ts')}` };

const web = webProviders(providers);
const played = createAccountVendors().flatMap((vendor) => {
  const provider = web.find(({ id }) => id === vendor.provider);
  const methods = provider?.methods ?? [];
  const begun = methods.filter(({ type }) => type === 'browser' || type === 'device');
  const brought = vendor.secret === undefined ? [] : methods.filter(({ type }) => type === 'secret' || type === 'file');
  if (provider === undefined || begun.length + brought.length === 0) return [];
  return [[provider.name, vendor, { provider, begun, brought }] as const];
});

it('is done with providers', () => expect(played).not.toEqual([]));

describe.each(played)('a control panel logs in to %s', (name, vendor, { provider, begun, brought }) => {
  let internet: Internet;
  let gateway: AccountGateway;
  let panel: ControlPanel;

  beforeAll(async () => {
    internet = await startInternet(vendor);
    gateway = await accountHome(makeFolder(), { ...internet.env, ...vendor.env, ...fastPolls }).start();
    panel = controlPanel(await gateway.process.listening());
  });
  afterAll(async () => {
    await gateway.stop();
    await internet.close();
    cleanUp();
  });

  const isServed = async (): Promise<void> => {
    // At once: this is sooner than the folder is seen to have changed.
    await vi.waitFor(async () => expect(await gateway.models()).toContain(vendor.model), { timeout: 5000 });
    const [way] = everyWay;
    if (way === undefined) throw new Error('there is no client');
    const { answers } = vendor.counts;
    const outcome = await gateway.ask(way.client, vendor.model, way.stream);
    expect(outcome.status, outcome.body).toBe(200);
    expect(vendor.counts.answers).toBe(answers + 1);
    expect(vendor.complaints).toEqual([]);
    expect(internet.strangers).toEqual([]);
  };

  it.each(begun.map(({ id, type }) => [id, type]))('%s', { timeout: 30_000 }, async (id, type) => {
    const [named = id] = Object.entries(provider.namedMethods ?? {}).find(([, own]) => own === id) ?? [];
    const login = await panel.begin(name, { ...vendor.options?.(id), method: named });
    expect(login).toMatchObject({ status: 'ok', state: expect.stringMatching(/^[A-Za-z0-9._-]+$/) });
    const shown = provider.namedMethods === undefined ? login : await panel.status(login.state);
    if (type === 'browser') {
      const back = await vendor.approve?.(shown.url ?? '', 'ann');
      expect(await panel.bring(name, back ?? '')).toEqual({ http: 200, status: 'ok' });
    } else {
      if (provider.namedMethods === undefined) expect(login).toMatchObject({ flow: 'device', url: expect.any(String) });
      vendor.approveDevice?.(shown.user_code ?? '', 'ann');
    }
    await panel.untilOver(login.state);
    expect(await panel.status(login.state)).toMatchObject({ status: 'ok' });
    await isServed();
  });

  if (brought.length === 0) return;
  it.each(brought.map(({ id, type }) => [id, type]))('%s', { timeout: 30_000 }, async (_, type) => {
    const text = vendor.secret?.('ann') ?? '';
    const saved = type === 'file' ? await panel.sendFile(name, text) : await panel.sendSecret(name, text);
    expect(saved).toMatchObject({ http: 200, status: 'ok' });
    const told = type === 'file' ? ['auth-file', 'project_id', 'email', 'location'] : ['saved_path', 'type'];
    for (const member of told) expect(saved, member).toHaveProperty([member], expect.stringMatching(/./));
    await isServed();
  });
});
