/** Walks the registry: whoever adds a provider adds everything that belongs to it, or the build fails and says what is missing. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoginMethod } from '../../src/auth/login.ts';
import { accountCredential } from '../../src/credentials/account-record.ts';
import { upstreamCodecs } from '../../src/dialects/index.ts';
import { providers } from '../../src/providers/index.ts';
import type { AccountFields, AccountIo, AccountRules, Endpoint, Manifest } from '../../src/providers/provider.ts';
import { root } from '../docs/markdown.ts';
import { MemoryRecords } from '../support/memory-records.ts';
import { createAccountVendors } from '../support/vendors/index.ts';
import { type Internet, startInternet } from '../support/vendors/internet.ts';
import type { AccountVendor } from '../support/vendors/vendor.ts';
import { type LoginDesk, loginDesk } from './login-desk.ts';

/** Providers whose tokens nobody can renew, and why. */
const NOT_RENEWED: Readonly<Record<string, string>> = {
  kilo: 'tokens last for years, and Kilo has no way to renew them',
};

/** Providers whose answers do not say who has logged in: each login is an account of its own. */
const UNNAMED: Readonly<Record<string, string>> = {
  kimi: 'neither its tokens nor its answers name the person',
  qwen: 'its tokens are opaque, and nothing tells whose they are',
};

const vendors = new Map(createAccountVendors().map((vendor) => [vendor.provider, vendor]));
const withAccounts = providers.filter(({ account }) => account !== undefined);

/** What of the list is not there. */
function lacks(wanted: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(wanted).flatMap(([name, isThere]) => (isThere ? [] : [name]));
}

const pageOf = ({ id }: Manifest): string => join(root, 'docs/guide/providers', `${id}.md`);

describe.each(providers.map((manifest) => [manifest.id, manifest] as const))('%s has', (_, manifest) => {
  it('a page, endpoints whose dialects are spoken, and models', () => {
    const { endpoints, models, modelPrefixes = [], account } = manifest;
    const all: readonly Endpoint[] = [...endpoints, ...(account?.endpoints ?? [])];
    const unspoken = all.filter(({ dialect }) => !upstreamCodecs.has(dialect)).map(({ dialect }) => dialect);
    expect(unspoken).toEqual([]);
    const isListed = models.length + modelPrefixes.length > 0 || account?.listModels !== undefined;
    const isCatalogued = account?.models !== undefined;
    expect(lacks({ 'a documentation page': existsSync(pageOf(manifest)), models: isListed || isCatalogued })).toEqual(
      [],
    );
  });
});

describe.each(withAccounts.map((manifest) => [manifest.id, manifest] as const))(
  'accounts of %s have',
  (id, manifest) => {
    const rules = accountOf(manifest);

    it('logins, notices, a renewal, a simulated vendor, words about them', () => {
      const guide = join(root, 'src/providers', id, 'guide.md');
      expect(
        lacks({
          'a login': (rules.logins ?? []).length > 0,
          notices: (rules.notices ?? []).length > 0,
          'the name of their files': rules.recordName !== undefined,
          'a renewal, or a reason for none': rules.refresh !== undefined || NOT_RENEWED[id] !== undefined,
          'a simulated vendor': vendors.has(id),
          'words of their own in guide.md': existsSync(guide) && readFileSync(guide, 'utf8').length > 200,
        }),
      ).toEqual([]);
    });

    it('no reason for what is there', () => {
      expect(rules.refresh !== undefined && NOT_RENEWED[id] !== undefined).toBe(false);
    });
  },
);

describe('the reasons', () => {
  it('are those of providers that exist', () => {
    const ids = withAccounts.map((manifest) => manifest.id);
    expect(Object.keys({ ...NOT_RENEWED, ...UNNAMED }).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

const logins = withAccounts.flatMap((manifest) =>
  (manifest.account?.logins ?? []).flatMap((method) => {
    const vendor = vendors.get(manifest.id);
    return vendor === undefined ? [] : [{ id: manifest.id, way: method.id, manifest, method, vendor }];
  }),
);

describe.each(logins)('the login $way of $id', ({ manifest, method, vendor }) => {
  const rules = accountOf(manifest);
  const records = new MemoryRecords();
  let internet: Internet;
  let desk: LoginDesk;
  beforeAll(async () => {
    internet = await startInternet(vendor);
    desk = loginDesk(internet, vendor, records);
  });
  afterAll(() => internet.close());
  const io = (): AccountIo => ({
    fetch: internet.fetch,
    nowMs: Date.now(),
    signal: AbortSignal.timeout(20_000),
    client: desk.logins.io(manifest.id, desk.run(method)).client,
  });
  const isFlawless = (): void => {
    expect(vendor.complaints).toEqual([]);
    expect(internet.strangers).toEqual([]);
    expect(internet.faults).toEqual([]);
  };

  it('begins with an address that a person can open, or with words that say what to bring', async () => {
    const started = await desk.logins.begin(manifest.id, method.id, desk.run(method));
    expect(startOf(started)).toMatch(started.type === 'browser' || started.type === 'device' ? /^https:\/\// : /\w{3}/);
    isFlawless();
  });

  it('keeps two people apart, and one person together', async () => {
    const ann = await desk.logIn(method, 'ann');
    const bob = await desk.logIn(method, 'bob');
    const again = await desk.logIn(method, 'ann');
    expect([ann.isNew, bob.isNew]).toEqual([true, true]);
    expect(bob.recordId).not.toBe(ann.recordId);
    const isNamed = UNNAMED[manifest.id] === undefined;
    expect(again.isNew).toBe(!isNamed);
    if (isNamed) expect(again.recordId).toBe(ann.recordId);
    if (isNamed) expect(bob.label).not.toBe(ann.label);
    for (const { record } of [again, bob]) {
      expect(record.id).toMatch(namePattern(rules));
      expect(rules.types).toContain(record.fields['type']);
      // Some get their first token only when it is needed.
      expect(accountCredential(record, [manifest]).state).toMatch(/^(ready|no-token)$/);
    }
    isFlawless();
  });

  it('makes accounts that can be asked about', async () => {
    const { record } = await desk.logIn(method, 'ann');
    const fields = await renewedFields(rules, record.fields, method, io());
    expect(accountCredential({ ...record, fields }, [manifest]).state).toBe('ready');
    if (rules.listModels !== undefined) expect(await rules.listModels(fields, io())).not.toEqual([]);
    // What a token for programs cannot ask stays untold.
    const readings = (await rules.quota?.(fields, io())) ?? [];
    expect(readings.filter(({ name }) => name.trim() === '')).toEqual([]);
    isFlawless();
  });
});

function accountOf({ id, account }: Manifest): AccountRules {
  if (account === undefined) throw new Error(`${id} has no accounts`);
  return account;
}

function startOf(started: Awaited<ReturnType<LoginDesk['logins']['begin']>>): string {
  switch (started.type) {
    case 'browser':
      return started.url;
    case 'device':
      expect(started.userCode).toMatch(/\w{3}/);
      return started.verificationUrl;
    case 'secret':
    case 'file':
      return started.prompt;
  }
}

/** `claude-<e-mail>.json` as it is for whoever it may be. */
function namePattern({ recordName = '' }: AccountRules): RegExp {
  const parts = recordName.split(/<[^>]+>/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
}

/** After a renewal, where this login can be renewed: what a person brings often cannot. */
async function renewedFields(
  rules: AccountRules,
  fields: AccountFields,
  { type }: LoginMethod,
  io: AccountIo,
): Promise<AccountFields> {
  if (rules.refresh === undefined) return fields;
  if (type === 'secret' && fields['refresh_token'] === undefined) return fields;
  const changes = await rules.refresh(fields, io);
  expect(Object.keys(changes)).not.toEqual([]);
  return { ...fields, ...changes };
}

/** Played by a vendor, but nobody's. */
it('every simulated vendor belongs to a provider', () => {
  const known = withAccounts.map(({ id }) => id);
  const lost = [...vendors.values()].filter(({ provider }: AccountVendor) => !known.includes(provider));
  expect(lost.map(({ provider }) => provider)).toEqual([]);
});
