import { describe, expect, it } from 'vitest';
import type { Credential } from '../credentials/credential.ts';
import { defineProvider } from '../providers/provider.ts';
import { clientModels, isExcluded } from './alias.ts';
import { createCatalog } from './catalog.ts';

const manifest = defineProvider({
  id: 'acme',
  label: 'Acme',
  kind: 'direct',
  auth: [{ type: 'none' }],
  baseUrl: 'https://acme.invalid',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  models: [
    { id: 'big', contextLength: 1000 },
    { id: 'small', contextLength: 100 },
  ],
});
const catalog = createCatalog([manifest]);
const options = { catalog, forceModelPrefix: false };

function credential(change: Partial<Credential>): Credential {
  return {
    id: 'acme:0123456789ab',
    provider: 'acme',
    kind: 'api-key',
    secret: 'sk-fake-not-a-key',
    label: 'sk-f...key',
    source: 'test',
    headers: {},
    priority: 0,
    weight: 1,
    excludedModels: [],
    ...change,
  };
}

function names(change: Partial<Credential>, forceModelPrefix = false): string[] {
  return clientModels(credential(change), manifest, { catalog, forceModelPrefix }).map((model) => model.clientName);
}

describe('clientModels', () => {
  it('offers the catalogue of the provider when there is no list', () => {
    expect(names({})).toEqual(['big', 'small']);
  });

  it('offers only the configured models, by alias, with what the catalogue knows', () => {
    const models = [{ name: 'big', alias: 'mine', forceMapping: true, displayName: 'Mine' }, { name: 'other' }];
    expect(clientModels(credential({ models }), manifest, options)).toEqual([
      {
        clientName: 'mine',
        upstreamName: 'big',
        info: { id: 'big', contextLength: 1000, displayName: 'Mine' },
        forceMapping: true,
      },
      { clientName: 'other', upstreamName: 'other', info: undefined, forceMapping: false },
    ]);
  });

  it('lets the configuration override the catalogue', () => {
    const models = [{ name: 'big', info: { contextLength: 7 } }];
    expect(clientModels(credential({ models }), manifest, options)[0]?.info).toEqual({ id: 'big', contextLength: 7 });
  });

  it('adds the prefixed name to the plain one, or replaces it', () => {
    expect(names({ prefix: 'team' })).toEqual(['big', 'team/big', 'small', 'team/small']);
    expect(names({ prefix: 'team' }, true)).toEqual(['team/big', 'team/small']);
    expect(names({}, true)).toEqual(['big', 'small']);
    expect(names({ prefix: 'big' }, true)).toEqual(['big', 'big/big', 'big/small']);
  });

  it('leaves out excluded models, named by alias or upstream id', () => {
    expect(names({ excludedModels: ['s*'] })).toEqual(['big']);
    const models = [{ name: 'big', alias: 'mine' }, { name: 'small' }];
    expect(names({ models, excludedModels: ['mine'] })).toEqual(['small']);
    expect(names({ models, excludedModels: ['big'] })).toEqual(['small']);
  });

  it('gives credentials that differ in nothing but the secret the same array', () => {
    const one = clientModels(credential({ id: 'acme:1' }), manifest, options);
    expect(clientModels(credential({ id: 'acme:2', secret: 'sk-fake-other' }), manifest, options)).toBe(one);
    expect(clientModels(credential({ excludedModels: ['x'] }), manifest, options)).not.toBe(one);
  });
});

it.each([
  ['gpt-5', 'gpt-5', true],
  ['gpt-5', 'GPT-5', true],
  ['gpt-5-mini', 'gpt-5', false],
  ['gpt-5-mini', 'gpt-5*', true],
  ['gpt-5-mini', '*mini', true],
  ['gpt-5-mini', '*-5-*', true],
  ['gptx5', 'gpt.5', false],
])('%s against %s', (name, pattern, excluded) => {
  expect(isExcluded(name, [pattern])).toBe(excluded);
});
