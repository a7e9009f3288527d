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
  const methods = provider?.methods.filter(({ type }) => type === 'browser' || type === 'device') ?? [];
  return provider === undefined || methods.length === 0 ? [] : [[provider.name, vendor, provider, methods] as const];
});

it('is done with providers', () => expect(played).not.toEqual([]));

describe.each(played)('a control panel logs in to %s', (name, vendor, provider, methods) => {
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

  it.each(methods.map((method) => [method.id, method] as const))(
    '%s',
    async (id, method) => {
      const [named = id] = Object.entries(provider.namedMethods ?? {}).find(([, own]) => own === id) ?? [];
      const begun = await panel.begin(name, { ...vendor.options?.(id), method: named });
      expect(begun).toMatchObject({ status: 'ok', state: expect.stringMatching(/^[A-Za-z0-9._-]+$/) });
      const shown = provider.namedMethods === undefined ? begun : await panel.status(begun.state);
      if (method.type === 'browser') {
        const back = await vendor.approve?.(shown.url ?? '', 'ann');
        expect(await panel.bring(name, back ?? '')).toEqual({ http: 200, status: 'ok' });
      } else {
        if (provider.namedMethods === undefined)
          expect(begun).toMatchObject({ flow: 'device', url: expect.any(String) });
        vendor.approveDevice?.(shown.user_code ?? '', 'ann');
      }
      await panel.untilOver(begun.state);
      expect(await panel.status(begun.state)).toMatchObject({ status: 'ok' });
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
    },
    30_000,
  );
});
