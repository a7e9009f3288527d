import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where installed clients live: ignored by git, kept between runs. */
export const cacheFolder: string = resolve(import.meta.dirname, '../../../.cache');

/** Runs a command to its end; throws with the last lines of its output. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const path = `${resolve(import.meta.dirname, '../../../node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(command, args, { cwd, env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise((done, reject) => child.on('close', done).on('error', reject));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}

/** True when the folder was completed with exactly this content description. */
export function isInstalled(folder: string, description: string): boolean {
  try {
    return readFileSync(join(folder, '.installed'), 'utf8') === description;
  } catch {
    return false;
  }
}

/** Marks a folder as completely installed. */
export function markInstalled(folder: string, description: string): void {
  writeFileSync(join(folder, '.installed'), description);
}
