import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { version } from '../index.ts';

const directory = mkdtempSync(join(tmpdir(), 'llmproxy-main-'));
afterAll(() => rmSync(directory, { recursive: true }));

const main = fileURLToPath(new URL('main.ts', import.meta.url));

function llmproxy(...args: string[]): { code: number | null; out: string; error: string } {
  const env = { HOME: directory, PATH: process.env['PATH'] };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: directory,
    env,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, error: stderr };
}

// Real processes are slow to start: one test per thing that only a process can show.
describe('the llmproxy command', () => {
  it('tells its version and its flags', () => {
    expect(llmproxy('--version')).toEqual({ code: 0, out: `${version}\n`, error: '' });
    const help = llmproxy('--help');
    expect(help.code).toBe(0);
    for (const flag of ['--config', '--host', '--port', '--log-level', '--version']) expect(help.out).toContain(flag);
  });

  it('ends with 2 and one line for wrong usage and wrong configuration', () => {
    expect(llmproxy('--bogus')).toMatchObject({ code: 2, error: "error: unknown option '--bogus'\n" });
    const file = join(directory, 'wrong.yaml');
    writeFileSync(file, 'host: 127.0.0.1\nport: "8317"\n');
    expect(llmproxy('serve', '--config', file)).toEqual({
      code: 2,
      out: '',
      error: `llmproxy: ${file}:2:1: port: expected a whole number from 0 to 65535, got text\n`,
    });
  });
});
