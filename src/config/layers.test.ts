import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const text = 'host: 10.0.0.1\nport: 1000\napi-keys: [file-key]\n';

describe('layers', () => {
  it('put the environment over the file and flags over the environment', () => {
    const env = { CLI_PROXY_PORT: '2000', CLI_PROXY_HOST: '10.0.0.2' };
    const { config } = parseConfig({ text, env, flags: { port: '3000', host: undefined } });
    expect(config).toMatchObject({ port: 3000, host: '10.0.0.2' });
  });

  it('reach nested keys, lists of text and switches', () => {
    const { config, warnings } = parseConfig({
      text,
      env: {
        CLI_PROXY_API_KEYS: 'a, b,a',
        CLI_PROXY_DEBUG: '1',
        CLI_PROXY_UPSTREAM_TIMEOUTS_CONNECT: '2.5',
        CLI_PROXY_STRICT: '',
      },
    });
    expect(config['api-keys']).toEqual(['a', 'b']);
    expect(config).toMatchObject({ debug: true, 'log-level': 'debug', strict: false });
    expect(config['upstream-timeouts']).toEqual({ connect: 2.5, 'first-byte': 300, idle: 300, stall: 600 });
    expect(warnings).toEqual([]);
  });

  it('warn of a variable that names no key', () => {
    const { warnings } = parseConfig({ text, env: { CLI_PROXY_PROT: '1' } });
    expect(warnings).toEqual([
      {
        path: 'CLI_PROXY_PROT',
        message: 'environment variable CLI_PROXY_PROT names no key; did you mean CLI_PROXY_PORT?',
      },
    ]);
  });

  it.each([
    [{ env: { CLI_PROXY_PORT: 'sk-secret' } }, 'CLI_PROXY_PORT: expected a whole number from 0 to 65535, got text'],
    [{ flags: { port: '-1' } }, '--port: expected a whole number from 0 to 65535, got the number -1'],
    [
      { flags: { 'log-level': 'loud' } },
      '--log-level: expected one of trace, debug, info, warn, error, fatal, silent, got text',
    ],
  ])('are named when they are wrong: %j', (sources, message) => {
    expect(() => parseConfig({ text, ...sources })).toThrow(
      expect.objectContaining({ code: 'invalid_config', message }),
    );
  });
});
