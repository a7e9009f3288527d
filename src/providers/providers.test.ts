import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInCredentials, findProvider, providers } from './index.ts';
import { defineProvider, type Manifest } from './provider.ts';

const HERE = import.meta.dirname;
const DIALECTS = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini', 'kiro'];

const sources = (folder: string): string[] =>
  readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

describe('the list of providers', () => {
  it('has unique ids and every folder', () => {
    const ids = providers.map((provider) => provider.id);
    expect(new Set(ids).size).toBe(ids.length);
    const folders = readdirSync(HERE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(ids.toSorted()).toEqual(folders.map((entry) => entry.name).toSorted());
  });

  it('is found by id', () => {
    expect(findProvider('groq')?.label).toBe('Groq');
    expect(findProvider('nobody')).toBeUndefined();
  });

  it('brings a credential for the provider that needs none', () => {
    expect(builtInCredentials).toMatchObject([{ provider: 'echo', kind: 'none', secret: undefined }]);
  });

  it('gives no environment variable and no config section to two providers', () => {
    const variables = providers.flatMap((p) => p.auth.flatMap((auth) => (auth.type === 'api-key' ? auth.env : [])));
    expect(new Set(variables).size).toBe(variables.length);
    const sections = providers.flatMap((p) => p.configSection ?? []);
    expect(sections.toSorted()).toEqual([
      'claude-api-key',
      'codex-api-key',
      'gemini-api-key',
      'vertex-api-key',
      'xai-api-key',
    ]);
  });
});

describe.each(providers.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  it('takes at most 150 lines, unless it brings its own executor; accounts come on top', () => {
    const folder = join(HERE, id);
    const own = sources(folder).filter((file) => provider.account === undefined || file === 'index.ts');
    const lines = own.reduce((sum, file) => sum + readFileSync(join(folder, file), 'utf8').split('\n').length, 0);
    if (provider.createExecutor === undefined) expect(lines).toBeLessThanOrEqual(150);
    else expect(provider.kind).toBe('local');
  });

  it('names an environment variable for its key, or needs none', () => {
    for (const auth of provider.auth) {
      if (auth.type === 'api-key') for (const name of auth.env) expect(name).toMatch(/^[A-Z][A-Z0-9_]*_API_KEY$/);
      if (auth.type === 'api-key') expect(auth.env).not.toEqual([]);
    }
    if (provider.account?.logins === undefined) expect(provider.auth).not.toEqual([]);
  });

  it('composes to a valid URL and speaks known dialects', () => {
    expect(new URL(provider.baseUrl).protocol).toBe(provider.kind === 'local' ? 'http:' : 'https:');
    for (const endpoint of provider.endpoints) {
      expect(DIALECTS).toContain(endpoint.dialect);
      for (const path of [endpoint.path, endpoint.streamPath, endpoint.countTokensPath]) {
        expect(path ?? '/').toMatch(/^\//);
        // A version in both would be sent twice.
        if (/\/v\d/.test(provider.baseUrl)) expect(path ?? '').not.toMatch(/^\/v\d/);
      }
    }
    const dialects = provider.endpoints.map((endpoint) => endpoint.dialect);
    expect(new Set(dialects).size).toBe(dialects.length);
  });

  it('lists each model once, served by its own endpoints, with sane limits', () => {
    const ids = provider.models.map((model) => model.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toEqual([]);
    const dialects = provider.endpoints.map((endpoint) => endpoint.dialect);
    for (const model of provider.models) {
      expect(dialects).toEqual(expect.arrayContaining([...(model.dialects ?? [])]));
      if (model.contextLength !== undefined && model.maxOutputTokens !== undefined) {
        expect(model.maxOutputTokens).toBeLessThanOrEqual(model.contextLength);
      }
    }
  });

  it('writes header names in lower case', () => {
    const names = [...Object.keys(provider.headers ?? {}), ...(provider.quirks?.forwardHeaders ?? [])];
    for (const name of names) expect(name).toMatch(/^[a-z0-9_-]+\*?$/);
  });
});

describe('defineProvider', () => {
  const valid: Manifest = {
    id: 'x',
    label: 'X',
    kind: 'direct',
    auth: [{ type: 'none' }],
    baseUrl: 'https://x.invalid',
    endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
    models: [],
  };

  it.each([
    ['kebab-case', { id: 'Not Kebab' }],
    ['slash', { baseUrl: 'https://x.invalid/' }],
    ['no endpoint', { endpoints: [] }],
  ])('refuses: %s', (message, change) => {
    expect(defineProvider(valid)).toBe(valid);
    expect(() => defineProvider({ ...valid, ...change })).toThrow(message);
  });
});
