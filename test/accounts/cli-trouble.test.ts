/** Logins at the command line that go wrong, that are given up, or that happen beside a running gateway. */
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanUp } from '../integration/cli-process.ts';
import { type CliPerson, cliPerson, comeBack, freePort } from './cli-person.ts';
import { type SceneVendors, sceneVendors } from './cli-scenes.ts';

let person: CliPerson;
let vendors: SceneVendors;
let taken: Server | undefined;

beforeEach(async () => {
  vendors = sceneVendors();
  person = await cliPerson(vendors.anthropic, vendors.github, vendors.vertex);
});
afterEach(async () => {
  taken?.close();
  taken = undefined;
  await person.close();
  cleanUp();
});

const isSaved = (): boolean => existsSync(join(person.home, '.llmproxy/auths/claude-ann@example.test.json'));
const claude = ['login', 'claude', '--method', 'browser', '--no-browser'];

async function run(...args: readonly string[]): Promise<{ code: number | string; output: string }> {
  const cli = person.start(args);
  return { code: await cli.ended, output: cli.output() };
}

/** Begins a login whose address is printed. */
async function begin(args: readonly string[]) {
  const port = await freePort();
  const cli = person.start([...args, '--port', String(port)], 'pipe');
  const [, url = ''] = await cli.wrote(/(https:\S+)\n[\s\S]*press Enter:\n/);
  return { cli, url, port, address: async () => (await vendors.anthropic.approve?.(url, 'ann')) ?? '' };
}

describe('wrong usage', () => {
  it.each([
    [['login'], 'name the provider: llmproxy login <provider>, one of claude, '],
    [['login', 'nobody'], 'nobody can log in to "nobody"'],
    [['login', 'claude', '--device'], 'claude has no login with a device code; it has --method browser '],
    [['login', 'claude', '--port', 'x'], 'expected a whole number from 0 to 65535'],
    [['login', 'claude', '--option', 'x'], 'expected name=value'],
    [['login', 'claude', '--method', 'setup-token'], 'nothing came in: pipe in '],
    [['login', 'vertex', '--file', 'nowhere.json'], 'nowhere.json cannot be read: no such file'],
    [['accounts', 'nonsense'], "too many arguments for 'list'"],
    [['accounts', 'show'], "missing required argument 'account'"],
    [['accounts', '--config', 'nowhere.yaml'], 'nowhere.yaml: no such file'],
    [['-nobody-login'], "unknown option '-nobody-login'"],
  ])('%j ends with 2', async (args, message) => {
    const { code, output } = await run(...args);
    expect(output).toContain(message);
    expect(code).toBe(2);
  });
});

describe('failures', () => {
  it('of accounts that are not there end with 1', async () => {
    expect(await run('accounts', 'show', 'nobody')).toEqual({
      code: 1,
      output: 'llmproxy: there is no account "nobody"\n',
    });
    expect((await run('accounts', 'test')).code).toBe(1);
    expect((await run('import')).output).toContain('no login of another program was found here; looked for Claude');
    expect(JSON.parse((await run('accounts', '--json')).output)).toMatchObject({ accounts: [], problems: [] });
  });

  it('of a person who denies the login', { timeout: 60_000 }, async () => {
    const cli = person.start(['login', 'github-copilot', '--no-browser']);
    const [, code = ''] = await cli.wrote(/code:\s+(\S+)\n/);
    vendors.github.denyDevice?.(code);
    expect(await cli.ended).toBe(1);
    expect(cli.stderr()).toMatch(/^llmproxy: .*denied/m);
  });

  it('of pasting can be made good', async () => {
    const { cli, address } = await begin(claude);
    cli.child.stdin?.write('what?\n');
    await cli.wrote(/Not taken: that is neither the address/);
    cli.child.stdin?.write('http://localhost:54545/callback?code=1&state=of-another-login\n');
    await cli.wrote(/Not taken: that is the answer to another login/);
    cli.child.stdin?.write(`${await address()}\n`);
    expect(await cli.ended).toBe(0);
    expect(isSaved()).toBe(true);
  });

  it('of the port leave the pasted address', async () => {
    const port = await freePort();
    taken = createServer().listen(port, '127.0.0.1');
    const cli = person.start([...claude, '--port', String(port)], 'pipe');
    const [, url = ''] = await cli.wrote(/(https:\S+)\n[\s\S]*press Enter:\n/);
    expect(cli.stderr()).toContain(`warning: port ${port} of 127.0.0.1 is taken by another program`);
    cli.child.stdin?.write(`${await vendors.anthropic.approve?.(url, 'ann')}\n`);
    expect(await cli.ended).toBe(0);
  });
});

it('Ctrl-C ends a login, and nothing is saved', async () => {
  const { cli } = await begin(claude);
  cli.child.kill('SIGINT');
  expect(await cli.ended).toBe(130);
  expect(cli.stderr()).toBe('llmproxy: given up; nothing was saved\n');
  expect(isSaved()).toBe(false);
});

it("CLIProxyAPI's flags log in", async () => {
  const port = await freePort();
  const cli = person.start(['-claude-login', '-no-browser', '-oauth-callback-port', String(port)]);
  const [, url = ''] = await cli.wrote(/(https:\S+)\n[\s\S]*press Enter:\n/);
  expect((await comeBack((await vendors.anthropic.approve?.(url, 'ann')) ?? '', port)).status).toBe(200);
  expect(await cli.ended).toBe(0);
  expect(isSaved()).toBe(true);
});

it('keeps the words and the proxy of the person, also when he logs in again', async () => {
  const words = ['--label', 'Work', '--note', 'paid by Ben', '--proxy-url', person.internet.proxyUrl];
  const first = await begin([...claude, ...words]);
  await comeBack(await first.address(), first.port);
  expect(await first.cli.ended).toBe(0);
  const again = await begin(claude);
  await comeBack(await again.address(), again.port);
  expect(await again.cli.ended).toBe(0);
  expect(person.record('claude-ann@example.test.json')).toMatchObject({
    label: 'Work',
    note: 'paid by Ben',
    proxy_url: person.internet.proxyUrl,
  });
  expect((await run('accounts', 'show', 'work', '--offline')).output).toContain('account:    Work\n');
});

it('a running gateway serves the account within seconds, and no more once it is removed', async () => {
  person.write('config.yaml', 'port: 0\napi-keys: [fake-client-key]\n');
  const gateway = person.start(['serve', '--config', 'config.yaml']);
  const url = await gateway.listening();
  const ask = async (): Promise<number> => {
    const { status } = await fetch(`${url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': 'fake-client-key', 'content-type': 'application/json' },
      body: JSON.stringify({
        model: vendors.anthropic.model,
        max_tokens: 9,
        messages: [{ role: 'user', content: 'hi' }],
      }),
    });
    return status;
  };
  expect(await ask()).toBe(404);
  const { cli, address, port } = await begin(claude);
  await comeBack(await address(), port);
  expect(await cli.ended).toBe(0);
  await expect.poll(ask, { timeout: 8000, interval: 200 }).toBe(200);
  expect((await run('accounts', 'remove', 'ann@example.test', '--yes')).code).toBe(0);
  await expect.poll(ask, { timeout: 8000, interval: 200 }).toBe(404);
});
