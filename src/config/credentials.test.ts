import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../credentials/credential.ts';
import { providers } from '../providers/index.ts';
import { credentialsFromConfig, synthesize } from './credentials.ts';
import { parseConfig } from './parse.ts';

const full = readFileSync(new URL('../../test/fixtures/config/full.yaml', import.meta.url), 'utf8');

function build(text: string, env: Record<string, string> = {}): ReturnType<typeof synthesize> {
  return synthesize(parseConfig({ text }).config, providers, env);
}

function find(source: string): Credential {
  const found = build(full).credentials.find((credential) => credential.source === `config:${source}`);
  if (found === undefined) throw new Error(`no credential from ${source}`);
  return found;
}

describe('a full file in the style of CLIProxyAPI', () => {
  it('loads; only keys that ask for something we do not do give a warning', () => {
    const { config, warnings } = parseConfig({ text: full });
    expect(config).toMatchObject({ 'request-retry': 2, 'transient-error-cooldown-seconds': -1 });
    const paths = warnings.map((warning) => warning.path);
    expect(paths).toEqual(expect.arrayContaining(['plugins', 'claude-api-key[1].cloak', 'codex-api-key[1]']));
    expect(paths).not.toEqual(expect.arrayContaining(['tls']));
    expect(warnings.filter((warning) => warning.message.includes('unknown key'))).toEqual([]);
    expect(warnings.every((warning) => (warning.line ?? 0) > 0)).toBe(true);
  });

  it('gives one credential per usable key of every section', () => {
    expect(build(full).credentials.map(({ provider, source }) => `${provider} <- ${source}`)).toEqual([
      'claude <- config:claude-api-key[0]',
      'claude <- config:claude-api-key[1]',
      'codex <- config:codex-api-key[0]',
      'gemini <- config:gemini-api-key[0]',
      'gemini <- config:gemini-api-key[1]',
      'gemini <- config:gemini-api-key[2]',
      'vertex <- config:vertex-api-key[0]',
      'xai <- config:xai-api-key[0]',
      'open-router <- config:openai-compatibility[0].api-key-entries[0]',
      'open-router <- config:openai-compatibility[0].api-key-entries[1]',
      'llama <- config:openai-compatibility[2]',
    ]);
  });

  it('carries everything an entry says', () => {
    expect(find('gemini-api-key[0]')).toEqual({
      id: expect.stringMatching(/^gemini:[0-9a-f]{12}$/),
      provider: 'gemini',
      kind: 'api-key',
      secret: 'fake-gemini-1',
      label: 'fa...-1',
      source: 'config:gemini-api-key[0]',
      baseUrl: 'https://gemini.example.com',
      proxyUrl: 'direct',
      headers: { 'x-custom-header': 'custom', 'x-copied': '$X-Client' },
      prefix: 'team',
      priority: 7,
      weight: 5,
      models: [
        {
          name: 'gemini-2.5-flash',
          alias: 'gemini-flash',
          displayName: 'Gemini Flash',
          info: {
            contextLength: 1048576,
            reasoning: {
              levels: ['high', 'low'],
              minBudget: 0,
              maxBudget: 24576,
              zeroAllowed: true,
              dynamicAllowed: true,
            },
          },
        },
      ],
      excludedModels: ['gemini-2.5-pro', '*-preview'],
      disableCooling: false,
      requestRetry: 3,
      errorRules: [{ status: 400, texts: ['context_length_exceeded'], patterns: [/^x$/], action: 'stop' }],
    });
  });

  it('leaves out what an entry does not say', () => {
    const credential = find('claude-api-key[0]');
    for (const key of ['baseUrl', 'proxyUrl', 'prefix', 'models', 'disableCooling', 'requestRetry']) {
      expect(credential).not.toHaveProperty(key);
    }
    expect(find('xai-api-key[0]')).not.toHaveProperty('requestRetry');
    expect(find('claude-api-key[1]').models).toEqual([
      { name: 'claude-real', alias: 'claude-nick', forceMapping: true },
    ]);
  });

  it('makes a provider of every compatible server', () => {
    const { manifests } = build(full);
    expect(manifests).toMatchObject([
      { id: 'open-router', label: 'Open Router', baseUrl: 'https://router.example.com/api/v1' },
      { id: 'llama', baseUrl: 'http://127.0.0.1:8080/v1', auth: [{ type: 'none' }] },
    ]);
    for (const manifest of manifests) {
      expect(manifest.endpoints).toEqual([{ dialect: 'openai-chat', path: '/chat/completions' }]);
    }
    expect(find('openai-compatibility[0].api-key-entries[0]')).toMatchObject({
      prefix: 'or',
      weight: 5,
      proxyUrl: 'socks5h://127.0.0.1:1080',
      models: [
        { name: 'vendor/model:free', alias: 'model', info: { capabilities: { vision: true, audio: false } } },
        {},
        {},
      ],
    });
    expect(find('openai-compatibility[2]')).toMatchObject({ kind: 'none', secret: undefined, label: 'llama' });
  });
});

describe('ids', () => {
  it('stay the same over restarts and hide the key', () => {
    const text = 'claude-api-key: [{ api-key: fake-secret-key-1 }]';
    const [first, again] = [build(text), build(`port: 1\n${text}`)].map(({ credentials }) => credentials[0]?.id);
    expect(first).toBe(again);
    expect(first).not.toContain('fake-secret');
  });

  it('tell entries with the same key apart, and drop repeated entries', () => {
    const text = 'claude-api-key: [{ api-key: k }, { api-key: k, prefix: p }, { api-key: k }]';
    const ids = build(text).credentials.map((credential) => credential.id);
    expect(ids).toEqual([ids[0], `${ids[0]}-1`]);
  });

  it('of compatible servers never collide with built-in providers or each other', () => {
    const entry = '{ name: Groq, base-url: "http://127.0.0.1:1/v1", prefix: p }';
    expect(build(`openai-compatibility: [${entry}, ${entry}, ${entry}]`).manifests.map(({ id }) => id)).toEqual([
      'openai-compatible-groq',
      'openai-compatible-groq-2',
      'openai-compatible-groq-3',
    ]);
  });
});

describe('keys of the environment', () => {
  it('give a credential to a provider that has none in the configuration', () => {
    const env = { ANTHROPIC_API_KEY: ' fake-env-claude ', GROQ_API_KEY: 'fake-env-groq', OPENAI_API_KEY: '' };
    expect(build('', env).credentials).toMatchObject([
      { provider: 'claude', source: 'env:ANTHROPIC_API_KEY', secret: 'fake-env-claude' },
      { provider: 'groq', source: 'env:GROQ_API_KEY' },
    ]);
    expect(build('claude-api-key: [{ api-key: k }]', env).credentials).toMatchObject([
      { provider: 'claude', source: 'config:claude-api-key[0]' },
      { provider: 'groq' },
    ]);
  });

  it('are ignored when they are examples', () => {
    const { config } = parseConfig({ text: '' });
    expect(credentialsFromConfig(config, providers, { ANTHROPIC_API_KEY: 'sk-your-key' })).toEqual([]);
  });
});

describe('example keys and unreachable servers', () => {
  it('are reported', () => {
    const text = `
openai-compatibility:
  - { name: a, base-url: "http://127.0.0.1:1/v1", api-key-entries: [{ api-key: your-key }], prefix: p }
  - { name: b, base-url: "http://127.0.0.1:1/v1" }
`;
    const { credentials, warnings } = build(text);
    expect(credentials.map((credential) => credential.provider)).toEqual(['b']);
    expect(warnings.map((warning) => warning.message)).toEqual([
      'openai-compatibility[0] has an api-key from the documentation, which is ignored',
      'openai-compatibility[1] lists no models and has no prefix: no request can reach it; list them under models',
    ]);
  });
});
