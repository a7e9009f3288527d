/** What a user can repair ends the start with exit code 2 and one line that says where it is. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cleanUp, makeFolder, startCli } from './cli-process.ts';

afterAll(cleanUp);

interface Failed {
  readonly code: number | string;
  readonly stderr: string;
  readonly file: string;
}

async function start(config: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Failed> {
  const folder = makeFolder();
  const file = join(folder, 'own.yaml');
  writeFileSync(file, config);
  const cli = startCli(['--config', file, ...args], folder, env);
  return { code: await cli.ended, stderr: cli.stderr(), file };
}

const key = 'api-keys: [sk-fake-client-key]\n';

test.for([
  ['a wrong type', `${key}host: 127.0.0.1\nport: lots\n`, ':3', 'port'],
  ['a number out of range', `${key}port: 70000\n`, ':2', 'port'],
  [
    'a wrong type further down',
    `${key}claude-api-key:\n  - api-key: sk-fake\n    models: yes please\n`,
    ':4',
    'claude-api-key[0].models',
  ],
  ['a wrong value', `${key}routing:\n  strategy: fastest\n`, ':3', 'routing.strategy'],
  ['invalid YAML', `${key}routing: [1\nport: 1\n`, ':', 'own.yaml'],
  ['a tab', `${key}routing:\n\tstrategy: x\n`, ':3', 'own.yaml'],
  ['a list instead of a map', '- a\n- b\n', 'own.yaml', ''],
  ['an example key', 'api-keys:\n  - your-api-key-1\n', ':2', 'api-keys[0]'],
  ['every interface without a client key', 'host: 0.0.0.0\nport: 0\n', 'own.yaml', 'host'],
] as const)('%s', async ([, config, line, path]) => {
  const { code, stderr, file } = await start(config);
  expect([code, stderr]).toEqual([2, expect.stringContaining(file)]);
  expect(stderr).toContain(line);
  expect(stderr).toContain(path);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a file that is not there, a folder, and a wrong flag', async () => {
  const folder = makeFolder();
  for (const args of [
    ['--config', join(folder, 'none.yaml')],
    ['--config', folder],
    ['--port', 'many'],
    ['--nonsense'],
  ]) {
    const cli = startCli(args, folder);
    expect([args, await cli.ended]).toEqual([args, 2]);
    expect(cli.stderr().trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(cli.stderr()).not.toMatch(/^\s+at /m);
  }
});

test.runIf(process.platform === 'linux')('a store of responses that cannot be written', async () => {
  const store = 'responses-store:\n  file: /proc/llmproxy/state.db\n';
  const { code, stderr } = await start(`${key}host: 127.0.0.1\nport: 0\n${store}`);
  expect(code).toBe(2);
  expect(stderr).toContain('responses-store.file: /proc/llmproxy/state.db cannot be written: ENOENT');
});

test('a port in use', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { code, stderr } = await start(`${key}host: 127.0.0.1\nport: ${port}\n`);
  await new Promise((done) => other.close(done));
  expect(code).toBe(2);
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('warning:'));
  expect(lines).toEqual([expect.stringContaining(`port ${port}`)]);
  expect(lines[0]).toContain('in use');
});

test('an unknown key is a warning with its line and the nearest known one; the proxy starts', async () => {
  const folder = makeFolder();
  const file = join(folder, 'own.yaml');
  writeFileSync(
    file,
    `${key}port: 0\nhost: 127.0.0.1\nrequest-retri: 1\nclaude-api-key:\n  - api-key: sk-fake\n    base-ulr: http://127.0.0.1:1\n`,
  );
  const cli = startCli(['--config', file], folder);
  await cli.listening();
  expect(cli.stderr()).toMatch(/own\.yaml:4: .*request-retri.*request-retry/);
  expect(cli.stderr()).toMatch(/own\.yaml:7: .*base-ulr.*base-url/);
  cli.child.kill('SIGTERM');
  expect(await cli.ended).toBe(0);
});
