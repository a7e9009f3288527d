import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const parse = (text: string) => parseConfig({ text, file: 'c.yaml' });
const messages = (text: string) => parse(text).warnings.map((warning) => `${warning.line}: ${warning.message}`);

describe('defaults', () => {
  it.each([[''], ['# only a comment\n'], ['port:\napi-keys:\ntls:\nrouting:\n']])('of %j', (text) => {
    const { config, warnings } = parse(text);
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8317,
      'api-keys': [],
      'request-retry': 3,
      'max-retry-interval': 30,
      'auth-dir': '~/.llmproxy/auths',
      'body-limit-mb': 64,
      'shutdown-timeout-seconds': 10,
      'upstream-timeouts': { connect: 10, 'first-byte': 300, idle: 300 },
      'log-level': 'info',
      strict: false,
    });
  });
});

describe('leniency', () => {
  it('trims client keys and drops empty and repeated ones', () => {
    expect(parse('api-keys: [" a ", a, "", ~, b]').config['api-keys']).toEqual(['a', 'b']);
  });

  it('takes numbers as keys, as they are written', () => {
    expect(parse('api-keys: [0123, 1.10]').config['api-keys']).toEqual(['0123', '1.10']);
  });

  it('takes the words of YAML 1.1 for true and false', () => {
    expect(parse('strict: yes\ndebug: off').config).toMatchObject({ strict: true, debug: false });
  });

  it('logs at debug level when debug is on, unless log-level says otherwise', () => {
    expect(parse('debug: true').config['log-level']).toBe('debug');
    expect(parse('debug: true\nlog-level: warn').config['log-level']).toBe('warn');
  });

  it('takes snake_case inside providers', () => {
    const { config, warnings } = parse('providers:\n  claude:\n    auth_type: none\n    model_mappings: { a_b: c }\n');
    expect(warnings).toEqual([]);
    expect(config.providers['claude']).toMatchObject({ 'auth-type': 'none', 'model-mappings': { a_b: 'c' } });
  });

  it('follows anchors and merge keys', () => {
    const text =
      'claude-api-key:\n  - &first { api-key: k, base-url: "https://a.test" }\n  - { <<: *first, prefix: p }\n';
    expect(parse(text).config['claude-api-key'].map((entry) => entry['api-key'])).toEqual(['k', 'k']);
  });
});

describe('faults', () => {
  it.each([
    ['host: x\nport: "8317"', 'c.yaml:2:1: port: expected a whole number from 0 to 65535, got text'],
    ['port: 70000', 'c.yaml:1:1: port: expected a whole number from 0 to 65535, got the number 70000'],
    ['api-keys: sk-secret', 'c.yaml:1:1: api-keys: expected a list, got text'],
    [
      'claude-api-key:\n  - api-key: sk-secret\n    weight: 1.5',
      'c.yaml:3:5: claude-api-key[0].weight: expected a whole number of at most 1000000, got the number 1.5',
    ],
    [
      'claude-api-key:\n  - base-url: http://x\n    api-key: sk-secret…',
      'c.yaml:3:5: claude-api-key[0].api-key: expected only characters that an HTTP header can carry, got text',
    ],
    [
      'providers:\n  groq:\n    api-keys:\n      - k\n      - "sk-secret\\nx"',
      'c.yaml:5:9: providers.groq.api-keys[1]: expected only characters that an HTTP header can carry, got text',
    ],
    [
      'gemini-api-key:\n  - api-key: k\n    headers:\n      X-A: "sk-secret\\n"',
      'c.yaml:4:7: gemini-api-key[0].headers.X-A: expected only characters that an HTTP header can carry, got text',
    ],
    ...['bad name', 'Content-Length'].map((name) => [
      `providers: { a: { headers: { "${name}": x } } }`,
      'c.yaml:1:19: providers.a.headers: expected names that an HTTP request can carry, without Content-Length and Transfer-Encoding, got a section with keys',
    ]),
    [
      'proxy-url: ftp://sk-secret@x',
      'c.yaml:1:1: proxy-url: expected an http, https, socks5 or socks5h URL, direct, or none, got text',
    ],
    [
      'openai-compatibility:\n  - base-url: http://x/v1',
      'c.yaml:2:5: openai-compatibility[0].name: expected text, got nothing',
    ],
    [
      'providers:\n  a:\n    auth_type: sk-secret',
      'c.yaml:3:5: providers.a.auth-type: expected one of api_key, none, oauth, device_flow, oauth_device_flow, got text',
    ],
    [
      'video-result-auth-cache-ttl: 3 hours',
      'c.yaml:1:1: video-result-auth-cache-ttl: expected a duration such as 30s, 5m or 1h30m, got text',
    ],
    ['port: x\nstrict: 3', 'c.yaml:1:1: port: expected a whole number from 0 to 65535, got text (and 1 more)'],
    ['- sk-secret', 'c.yaml:1:1: expected keys and values'],
    ['port: 1\nport: 2', 'c.yaml:2:1: this key appears twice'],
    ['tls:\n\tcert: sk-secret', 'c.yaml:2:1: YAML is indented with spaces, not tabs'],
    ['a: "sk-secret', 'c.yaml:1:14: a quote, bracket, comma or colon is missing'],
    ['a: &a [*a]', 'c.yaml: an alias (*name) points nowhere or expands without end'],
    ['a: *sk-secret', 'c.yaml: an alias (*name) points nowhere or expands without end'],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'invalid_config', message }));
    expect(message).not.toContain('secret');
  });
});

describe('warnings', () => {
  it('names an unknown key, its line and the nearest known one', () => {
    expect(messages('host: 127.0.0.1\nprot: 1\nclaude-api-key:\n  - api-key: k\n    base_url: x\n')).toEqual([
      '2: prot: unknown key, ignored; did you mean port?',
      '5: claude-api-key[0].base_url: unknown key, ignored; did you mean base-url?',
    ]);
  });

  it('warns once of each kind of key without effect, and only when it asks for something', () => {
    const keys = '\n    cloak: { mode: always }\n  - api-key: l\n    cloak: { mode: auto }\n';
    expect(messages(`request-log: true\nlogging-to-file: false\nclaude-api-key:\n  - api-key: k${keys}`)).toEqual([
      '1: request-log is known but has no effect yet',
      '5: claude-api-key[0].cloak has no effect: llmproxy does not imitate other clients',
    ]);
  });

  it.each([
    ['codex-api-key', 'has no base-url'],
    ['xai-api-key', 'has no base-url'],
  ])('names an entry of %s without base-url', (section, reason) => {
    expect(messages(`${section}:\n  - api-key: k\n`)).toEqual([expect.stringContaining(`2: ${section}[0] ${reason}`)]);
  });

  it('names prefixes and base URLs that cannot be used', () => {
    expect(
      messages('claude-api-key:\n  - { api-key: k, prefix: a/b }\n  - { api-key: k, base-url: nowhere }\n'),
    ).toEqual([
      '2: claude-api-key[0].prefix contains a slash and is ignored',
      '3: claude-api-key[1] has a base-url that is not an http or https URL and is ignored; write it as http://host/v1',
    ]);
  });

  it('treats __proto__ as any unknown key', () => {
    expect(messages('__proto__: { host: x }')).toEqual(['1: __proto__: unknown key, ignored']);
    expect(Object.hasOwn(Object.prototype, 'host')).toBe(false);
  });
});

const benchConfig = fileURLToPath(new URL('../../../shared/bench/product-config.yaml', import.meta.url));

// The file belongs to the workshop, not to the repository.
describe.skipIf(!existsSync(benchConfig))('the configuration of the benchmark', () => {
  it('loads', () => {
    const { config, warnings } = parse(readFileSync(benchConfig, 'utf8'));
    expect(config.port).toBe(19100);
    expect(config['openai-compatibility'][0]?.models).toHaveLength(4);
    expect(warnings).toEqual([]);
  });
});
