import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLoopback } from './exposure.ts';
import { createClientKey, createFirstConfig } from './first-run.ts';
import { findConfigFile, loadConfig, userConfigFile } from './load.ts';

let directory: string;
let env: Record<string, string>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'llmproxy-config-'));
  env = { HOME: directory };
});
afterEach(() => rm(directory, { recursive: true }));

async function put(name: string, text: string): Promise<string> {
  const file = join(directory, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

describe('findConfigFile', () => {
  it('looks at the flag, the variable, the working directory and the home, in that order', async () => {
    expect(findConfigFile({ env, directory })).toBeUndefined();
    const user = await put('.config/llmproxy/config.yaml', '');
    expect(findConfigFile({ env, directory })).toBe(user);
    const local = await put('config.yaml', '');
    expect(findConfigFile({ env, directory })).toBe(local);
    env['LLMPROXY_CONFIG'] = 'named.yaml';
    expect(findConfigFile({ env, directory })).toBe(join(directory, 'named.yaml'));
    expect(findConfigFile({ env, directory, file: '/flag.yaml' })).toBe('/flag.yaml');
  });

  it('ignores a relative XDG_CONFIG_HOME', () => {
    expect(userConfigFile({ HOME: '/home/x', XDG_CONFIG_HOME: 'here' })).toBe('/home/x/.config/llmproxy/config.yaml');
    expect(userConfigFile({ HOME: '/home/x', XDG_CONFIG_HOME: '/xdg' })).toBe('/xdg/llmproxy/config.yaml');
  });
});

describe('loadConfig', () => {
  const fails = (file: string) =>
    loadConfig({ env, directory, file }).then(
      () => 'loaded',
      (error) => error.message,
    );

  it('says what is wrong with the file itself', async () => {
    expect(await fails('/nowhere.yaml')).toBe('/nowhere.yaml: no such file');
    expect(await fails(directory)).toBe(`${directory}: this is a directory, not a file`);
  });

  it.each([['your-api-key-1'], ['your-api-key-3'], ['sk-your-key'], ['sk-llmproxy-your-key'], ['changeme']])(
    'refuses the example key %s',
    async (key) => {
      const file = await put('config.yaml', `port: 1\napi-keys:\n  - real-one\n  - ${key}\n`);
      expect(await fails(file)).toBe(
        `${file}:4:5: api-keys[1]: this key is an example from the documentation; replace it with a key of your own`,
      );
    },
  );

  it.each([['""'], ['0.0.0.0'], ['"::"'], ['192.168.1.2'], ['proxy.example']])(
    'refuses to listen on %s without a client key',
    async (host) => {
      const file = await put('config.yaml', `port: 1\nhost: ${host}\n`);
      expect(await fails(file)).toContain(`${file}:2:1: host: listening on`);
      await put('config.yaml', `port: 1\nhost: ${host}\napi-keys: [k]\n`);
      expect(await fails(file)).toBe('loaded');
    },
  );

  it('blames the variable or flag that sets the value, not the line of the file that it overrides', async () => {
    const file = await put('config.yaml', 'host: 127.0.0.1\n');
    const message = (more: object) => loadConfig({ env, directory, file, ...more }).catch((error) => error.message);
    expect(await message({ flags: { host: '0.0.0.0' } })).toMatch(/^--host: host: listening on 0\.0\.0\.0/);
    expect(await message({ env: { CLI_PROXY_HOST: '::' } })).toMatch(/^CLI_PROXY_HOST: host: listening on ::/);
    expect(await message({ env: { CLI_PROXY_API_KEYS: 'mine,your-api-key-1' } })).toMatch(
      /^CLI_PROXY_API_KEYS: api-keys\[1\]: this key is an example/,
    );
  });

  it('listens on loopback without a client key', async () => {
    expect(await fails(await put('config.yaml', 'host: localhost\n'))).toBe('loaded');
    expect(['127.0.0.1', '127.9.9.9', '[::1]', 'LOCALHOST'].every(isLoopback)).toBe(true);
    expect(['127.evil.example', '', '::', '10.0.0.1'].some(isLoopback)).toBe(false);
  });
});

describe('the first run', () => {
  it('creates a private file that loads and holds the key', async () => {
    const { file, key } = await createFirstConfig(env);
    expect(file).toBe(join(directory, '.config/llmproxy/config.yaml'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
    const { config, warnings } = await loadConfig({ env, directory });
    expect(config).toMatchObject({ 'api-keys': [key], host: '127.0.0.1', port: 8317 });
    expect(warnings).toEqual([]);
  });

  it('never overwrites a file', async () => {
    await createFirstConfig(env);
    await expect(createFirstConfig(env)).rejects.toMatchObject({ code: 'invalid_config' });
  });

  it('makes keys of 40 base62 characters, all of them used, none twice', () => {
    const keys = Array.from({ length: 200 }, createClientKey);
    for (const key of keys) expect(key).toMatch(/^sk-llmproxy-[0-9A-Za-z]{40}$/);
    expect(new Set(keys).size).toBe(200);
    expect(new Set(keys.join('').replaceAll('sk-llmproxy-', '')).size).toBe(62);
  });
});
