import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const source = resolve(import.meta.dirname, 'records-child.ts');

/** One file instead of twenty: the process starts in a fifth of the time, and hundreds of them are started. */
async function bundle(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'llmproxy-child-'));
  const file = join(folder, 'records-child.mjs');
  const made = await rolldown({ input: source, platform: 'node' });
  await made.write({ file, format: 'esm' });
  await made.close();
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // The user that a test gives root up for reads it too.
  chmodSync(folder, 0o755);
  return file;
}

const script = await bundle();

/** A directory for one test, and its end. */
export function freshDirectory(): { path: string; remove(): void } {
  const base = mkdtempSync(join(tmpdir(), 'llmproxy-reliability-'));
  const path = join(base, 'auths');
  mkdirSync(path, { mode: 0o700 });
  return { path, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** A child that works on a directory of records. */
export interface RecordsChild {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves with everything it printed, when it is gone. */
  readonly ended: Promise<string>;
}

/** Starts a task of records-child.ts, by a shell command when one is given: `$NODE $SCRIPT ...` stand in it as "$@". */
export function startChild(
  args: readonly string[],
  shell?: readonly string[],
  env: Record<string, string> = {},
): RecordsChild {
  const command = [process.execPath, script, ...args];
  const [file = '', ...rest] = shell === undefined ? command : [...shell, 'sh', ...command];
  const child = spawn(file, rest, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise<string>((done) => child.once('close', () => done(output)));
  return { child, output: () => output, ended };
}
