import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LlmProxy, ProxyOptions } from '../../index.ts';
import { type ServeContext, type ServeFlags, serve } from './serve.ts';

let directory: string;
let env: Record<string, string>;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmproxy-serve-'));
  env = { HOME: directory };
});
afterEach(() => rm(directory, { recursive: true }));

interface Run {
  readonly code: number;
  readonly out: string[];
  readonly warned: string[];
  readonly built: ProxyOptions[];
  readonly closed: number;
  readonly reloaded: number;
}

async function run(flags: ServeFlags, change: Partial<LlmProxy> = {}): Promise<Run> {
  const out: string[] = [];
  const warned: string[] = [];
  const built: ProxyOptions[] = [];
  let closed = 0;
  let reloaded = 0;
  const proxy = {
    listen: async () => ({ url: 'http://127.0.0.1:4000' }),
    close: async () => void closed++,
    reload: async () => void reloaded++,
    warnings: ['from the proxy'],
    echoOnly: false,
    models: ['model-one', 'model-two'],
    ...change,
  };
  const context: ServeContext = {
    env,
    directory,
    async createProxy(options) {
      built.push(options);
      // cast: only what the command uses.
      return proxy as unknown as LlmProxy;
    },
    out: (line) => out.push(line),
    warn: (line) => warned.push(line),
    stopped: Promise.resolve(),
    onReload: (ask) => ask(),
  };
  return { code: await serve(flags, context), out, warned, built, closed, reloaded };
}

const systemError = (code: string) => Object.assign(new Error(`listen ${code}`), { code });

describe('serve', () => {
  it('has the configuration read anew when asked to, with the same flags', async () => {
    await writeFile(join(directory, 'config.yaml'), 'port: 5000\n');
    const result = await run({ port: '6000' });
    expect(result.reloaded).toBe(1);
    expect(result.built[0]?.source).toMatchObject({ directory, flags: { port: '6000' } });
  });

  it('prints the address, serves until stopped, closes, ends with 0', async () => {
    await writeFile(join(directory, 'config.yaml'), 'port: 5000\nrequest-log: true\n');
    const result = await run({ port: '6000', logLevel: 'warn' });
    expect(result).toMatchObject({ code: 0, out: ['listening on http://127.0.0.1:4000'], closed: 1 });
    expect(result.built[0]?.config.config).toMatchObject({ port: 6000, 'log-level': 'warn' });
    expect(result.warned).toEqual([
      `warning: ${directory}/config.yaml:2: request-log is known but has no effect yet`,
      'warning: from the proxy',
    ]);
  });

  it('creates the first configuration, shows its key once and how to use it', async () => {
    const first = await run({});
    const text = await readFile(join(directory, '.config/llmproxy/config.yaml'), 'utf8');
    const key = /sk-llmproxy-[0-9A-Za-z]{40}/.exec(text)?.[0] ?? 'none';
    expect(first.out[0]).toContain(key);
    expect(first.out[1]).toBe('listening on http://127.0.0.1:4000');
    expect(first.out[2]).toContain('model-one');
    expect(first.out[2]).toContain('ANTHROPIC_BASE_URL');
    const second = await run({});
    expect(second.out).toEqual(['listening on http://127.0.0.1:4000']);
    expect(second.built[0]?.config.config['api-keys']).toEqual([key]);
  });

  it.each(['http://0.0.0.0:4000', 'http://[::]:4000'])('shows clients an address that works for %s', async (url) => {
    const { out } = await run({}, { listen: async () => ({ url }) });
    expect(out[1]).toBe(`listening on ${url}`);
    expect(out[2]).toContain("ANTHROPIC_BASE_URL='http://127.0.0.1:4000'");
    expect(out[2]).not.toContain(url);
  });

  it('needs no file when the environment brings client keys', async () => {
    env['CLI_PROXY_API_KEYS'] = 'fake-key';
    expect((await run({})).code).toBe(0);
    expect(await readdir(directory)).toEqual([]);
  });

  it('says so when only the echo model answers', async () => {
    expect((await run({}, { echoOnly: true })).warned.join()).toContain('built-in model echo');
  });

  it('leaves nothing behind when a flag is wrong', async () => {
    const result = await run({ port: 'abc' });
    expect(result).toMatchObject({
      code: 2,
      warned: ['llmproxy: --port: expected a whole number from 0 to 65535, got text'],
    });
    expect(await readdir(directory)).toEqual([]);
  });

  it.each([
    ['EADDRINUSE', 2, 'llmproxy: port 8317 on 127.0.0.1 is in use; stop the other program or choose another --port'],
    ['EACCES', 2, 'llmproxy: no permission to listen on port 8317 on 127.0.0.1; choose a --port above 1023'],
    ['EADDRNOTAVAIL', 2, 'llmproxy: 127.0.0.1 is not an address of this machine; choose another --host'],
    ['EIO', 1, 'llmproxy: cannot start: listen EIO'],
  ])('explains %s in one line', async (code, exitCode, line) => {
    const failing = { listen: () => Promise.reject(systemError(code)) };
    const result = await run({}, failing);
    expect(result.code).toBe(exitCode);
    expect(result.warned.at(-1)).toBe(line);
  });
});
