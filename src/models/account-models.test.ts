import { describe, expect, it } from 'vitest';
import { accountAliases, accountExclusions } from '../config/account-models.ts';
import { parseConfig } from '../config/parse.ts';
import type { Credential } from '../credentials/credential.ts';
import { providers } from '../providers/index.ts';
import { withAccountRules } from './account-models.ts';
import { clientModels } from './alias.ts';
import { createCatalog } from './catalog.ts';

const catalog = createCatalog(providers);
const text = `
oauth-model-alias:
  Claude:
    - { name: claude-opus-4-8, alias: opus }
    - { name: claude-sonnet-5, alias: sonnet, fork: true, force-mapping: true, display-name: Mine }
    - { name: claude-sonnet-5, alias: SONNET }
    - { name: same, alias: Same }
    - { name: not-listed, alias: fresh }
    - { name: excluded-one, alias: gone }
  codex: []
oauth-excluded-models:
  claude: ["*haiku*", excluded-one]
`;
const { config } = parseConfig({ text });
const accounts = { aliases: accountAliases(config), excluded: accountExclusions(config) };

function names(change: Partial<Credential>): readonly (readonly [string, string, boolean])[] {
  const credential: Credential = {
    id: 'x',
    provider: 'claude',
    kind: 'account',
    secret: 'fake-token',
    label: 'me',
    source: 'test',
    headers: {},
    priority: 0,
    weight: 1,
    models: ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-4-5', 'other'].map((name) => ({ name })),
    excludedModels: [],
    ...change,
  };
  const manifest = providers.find((provider) => provider.id === 'claude');
  if (manifest === undefined) throw new Error('no such provider');
  const models = clientModels(withAccountRules(credential, accounts), manifest, { catalog, forceModelPrefix: false });
  return models.map(({ clientName, upstreamName, forceMapping }) => [clientName, upstreamName, forceMapping] as const);
}

describe('models of accounts', () => {
  it('are known by their aliases; a fork keeps the name; an alias belongs to the first who takes it', () => {
    expect(names({})).toEqual([
      ['opus', 'claude-opus-4-8', false],
      ['claude-sonnet-5', 'claude-sonnet-5', false],
      ['sonnet', 'claude-sonnet-5', true],
      ['other', 'other', false],
      ['fresh', 'not-listed', false],
    ]);
  });

  it('the account has the first word', () => {
    const own = { name: 'other', alias: 'OPUS', fork: false, forceMapping: false };
    expect(names({ modelAliases: [own], excludedModels: ['*sonnet*'] })).toEqual([
      ['claude-opus-4-8', 'claude-opus-4-8', false],
      ['OPUS', 'other', false],
      ['fresh', 'not-listed', false],
    ]);
  });

  it('prefixes come last', () => {
    expect(names({ prefix: 'team' }).slice(0, 2)).toEqual([
      ['opus', 'claude-opus-4-8', false],
      ['team/opus', 'claude-opus-4-8', false],
    ]);
  });

  it('keys are no accounts', () => {
    expect(names({ kind: 'api-key' }).map(([name]) => name)).toEqual([
      'claude-opus-4-8',
      'claude-sonnet-5',
      'claude-haiku-4-5',
      'other',
    ]);
  });
});
