import { describe, expect, it } from 'vitest';
import { providers } from '../providers/index.ts';
import { synthesize } from './credentials.ts';
import { parseConfig } from './parse.ts';

function build(text: string, env: Record<string, string> = {}): ReturnType<typeof synthesize> {
  return synthesize(parseConfig({ text }).config, providers, env);
}

describe('the providers map', () => {
  it('takes the shapes of the documentation', () => {
    const text = `
providers:
  claude:
    type: "claude"
    enabled: true
    auth_type: "api_key"
    endpoint: "https://api.anthropic.com"
    api_key: fake-claude
    models:
      - { name: claude-a, enabled: true, max_tokens: 200000, supports_functions: true, supports_streaming: true }
      - { name: claude-b, enabled: false }
    features: { streaming: true, functions: true, vision: true, code_generation: true }
    limits: { requests_per_minute: 60, tokens_per_minute: 40000 }
    priority: 3
`;
    const { warnings } = parseConfig({ text });
    expect(warnings.map((warning) => warning.path)).toEqual(['providers.claude.features']);
    const { credentials } = build(text);
    expect(credentials).toMatchObject([
      {
        provider: 'claude',
        priority: 3,
        source: 'config:providers.claude',
        limits: { id: 'providers.claude', requestsPerMinute: 60, tokensPerMinute: 40000, burst: 10 },
        models: [{ name: 'claude-a', info: { contextLength: 200000, capabilities: { tools: true } } }],
      },
    ]);
    expect(credentials[0]).not.toHaveProperty('baseUrl');
  });

  it('takes what errors mean, and how they are answered', () => {
    const text = `
providers:
  claude:
    api_key: fake-claude
    request_retry: 2
    disable_cooling: true
    request_scoped_errors:
      - { status: 400, match: [region], match_regexr: ["(?i)country"], action: continue }
      - { status: 500 }
`;
    const { warnings } = parseConfig({ text });
    expect(warnings.map((warning) => warning.path)).toEqual(['providers.claude.request-scoped-errors[1]']);
    expect(build(text).credentials).toMatchObject([
      {
        requestRetry: 2,
        disableCooling: true,
        errorRules: [{ status: 400, texts: ['region'], patterns: [/country/i], action: 'continue' }],
      },
    ]);
  });

  it('uses the key of the environment once', () => {
    const text = 'providers: { claude: { type: claude, prefix: mine } }';
    expect(build(text, { ANTHROPIC_API_KEY: 'fake-env' }).credentials).toMatchObject([
      { provider: 'claude', source: 'env:ANTHROPIC_API_KEY', prefix: 'mine' },
    ]);
  });

  it('keeps the catalogue beside mapped names', () => {
    const text = 'providers: { claude: { api-key: k, model_mappings: { my-name: claude-real } } }';
    const models = build(text).credentials[0]?.models ?? [];
    expect(models.at(-1)).toEqual({ name: 'claude-real', alias: 'my-name' });
    expect(models.length).toBeGreaterThan(1);
  });

  it('makes a server of an unknown type with an endpoint', () => {
    const text =
      'providers: { Mine: { type: custom, endpoint: "http://127.0.0.1:9/v1/", api-keys: [k1, k2], models: [{ name: m }] } }';
    const { manifests, credentials } = build(text);
    expect(manifests).toMatchObject([{ id: 'mine', baseUrl: 'http://127.0.0.1:9/v1', auth: [{ type: 'api-key' }] }]);
    expect(credentials).toMatchObject([{ provider: 'mine', secret: 'k1' }, { secret: 'k2' }]);
  });

  it.each([
    ['claude', 'https://api.anthropic.com/', undefined],
    ['claude', 'https://api.anthropic.com/v1', undefined],
    ['openai', 'https://api.openai.com/v1/', undefined],
    ['gemini', 'https://generativelanguage.googleapis.com/v1', undefined],
    ['deepseek', 'https://api.deepseek.com/v1', undefined],
    ['mistral', 'https://api.mistral.ai', undefined],
    ['vertex', 'http://127.0.0.1:9/v1', 'http://127.0.0.1:9'],
    ['gemini', 'http://127.0.0.1:9/google/v1beta', 'http://127.0.0.1:9/google'],
    ['minimax', 'http://127.0.0.1:9/v1', 'http://127.0.0.1:9'],
    ['mistral', 'http://127.0.0.1:9/v1', 'http://127.0.0.1:9/v1'],
    ['claude', 'http://127.0.0.1:9/v2', 'http://127.0.0.1:9/v2'],
    ['xai', 'https://api.x', 'https://api.x'],
  ])('never makes a version path stand twice: %s at %s', (name, endpoint, baseUrl) => {
    const text = `providers: { ${name}: { api-key: fake-key, endpoint: "${endpoint}" } }`;
    expect(build(text).credentials.map((credential) => credential.baseUrl)).toEqual([baseUrl]);
  });

  it('reads the base-url of a key section the same way', () => {
    const text = 'claude-api-key: [{ api-key: fake-1, base-url: "http://127.0.0.1:9/v1" }]';
    expect(build(text).credentials[0]?.baseUrl).toBe('http://127.0.0.1:9');
  });

  it('switches a provider off, whatever else brings its keys', () => {
    const text = 'claude-api-key: [{ api-key: k }]\nproviders: { claude: { enabled: false } }';
    expect(build(text, { ANTHROPIC_API_KEY: 'fake-env' }).credentials).toEqual([]);
  });

  it.each([
    ['{ claud: { api-key: k } }', 'providers.claud has the unknown type claud and is ignored; did you mean claude?'],
    ['{ claude: {} }', 'providers.claude has no key and is ignored; add api-key or set ANTHROPIC_API_KEY'],
    [
      '{ claude: { auth_type: oauth } }',
      'providers.claude logs in to an account, which is not supported yet; it is ignored',
    ],
    [
      '{ x: { endpoint: nowhere } }',
      'providers.x has an endpoint that is not an http or https URL and is ignored; write it as http://host/v1',
    ],
  ])('says why an entry is ignored: %s', (entries, message) => {
    const { credentials, warnings } = build(`providers: ${entries}`);
    expect(credentials).toEqual([]);
    expect(warnings.map((warning) => warning.message)).toEqual([message]);
  });
});
