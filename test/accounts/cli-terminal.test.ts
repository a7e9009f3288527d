/** The command line at a real terminal, which `script` (util-linux) plays: lists to pick from, secrets that are not shown. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanUp } from '../integration/cli-process.ts';
import { type CliPerson, cliPerson } from './cli-person.ts';
import { type SceneVendors, sceneVendors } from './cli-scenes.ts';

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');
const SCRIPT = '/usr/bin/script';
const hasScript = spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;

let person: CliPerson;
let vendors: SceneVendors;
let child: ChildProcess | undefined;
beforeEach(async () => {
  vendors = sceneVendors();
  person = await cliPerson(vendors.anthropic);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await person.close();
  cleanUp();
});

/** Runs the program in a terminal; what it shows, without colours and movements. */
function inTerminal(args: string) {
  const run = spawn(SCRIPT, ['-qefc', `stty cols 200 rows 50; "${process.execPath}" "${MAIN}" ${args}`, '/dev/null'], {
    cwd: person.home,
    env: { PATH: process.env['PATH'], HOME: person.home, TERM: 'xterm', COLUMNS: '200', ...person.internet.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = run;
  let raw = '';
  run.stdout.on('data', (chunk: Buffer) => (raw += chunk.toString('utf8')));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const shown = (): string => raw.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '');
  const ended = new Promise<number | null>((done) => run.once('close', done));
  return {
    shown,
    ended,
    sees: (text: string | RegExp) => expect.poll(shown, { timeout: 15_000 }).toMatch(text),
    type: (text: string) => run.stdin.write(text),
  };
}

// Other systems' `script` takes other arguments; CI runs on Linux, where it is there.
describe.skipIf(!hasScript)('at a terminal', () => {
  it('provider and way are picked, and a secret is not shown', { timeout: 60_000 }, async () => {
    const terminal = inTerminal('login');
    await terminal.sees(/Which provider\?/);
    terminal.type('\r');
    await terminal.sees(/How\?/);
    terminal.type('\u001b[B\r');
    await terminal.sees(/the token/i);
    terminal.type(`${vendors.anthropic.secret?.('ann').trim()}\r`);
    expect(await terminal.ended, terminal.shown()).toBe(0);
    expect(terminal.shown()).toContain('Logged in: Claude setup token');
    expect(terminal.shown()).not.toContain('sk-ant-oat01');
  });

  it('an address can be pasted, however long', { timeout: 60_000 }, async () => {
    const terminal = inTerminal('login claude --method browser --no-browser --port 0');
    await terminal.sees(/press Enter:/);
    const [, url = ''] = /(https:\S+)/.exec(terminal.shown()) ?? [];
    const address = (await vendors.anthropic.approve?.(url, 'ann')) ?? '';
    terminal.type(`${address}&filler=${'x'.repeat(6000)}\r`);
    expect(await terminal.ended, terminal.shown()).toBe(0);
  });

  it('Ctrl-C gives up, in a list and while it waits', { timeout: 60_000 }, async () => {
    for (const [args, prompt] of [
      ['login', /Which provider\?/],
      ['login claude --method browser --no-browser --port 0', /press Enter:/],
    ] as const) {
      const terminal = inTerminal(args);
      await terminal.sees(prompt);
      terminal.type('\u0003');
      expect(await terminal.ended, terminal.shown()).toBe(130);
      expect(terminal.shown()).toContain('given up; nothing was saved');
    }
  });
});
