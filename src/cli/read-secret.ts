import { readFile } from 'node:fs/promises';
import type { LoginWay, StartedSecret } from '../index.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/**
 * What a person brings: typed without being shown, piped in, or from a file; never an argument, which others can see.
 * Undefined: given up. Throws {@link UsageError}.
 */
export async function readSecret(
  { type, prompt }: StartedSecret,
  way: LoginWay,
  file: string | undefined,
  terminal: Terminal,
): Promise<string | undefined> {
  if (file !== undefined && file !== '-') return textOf(file);
  if (file === '-' || !terminal.isInteractive) {
    const text = (await terminal.readAll()).trim();
    if (text !== '') return text;
    throw new UsageError(`nothing came in: pipe in ${prompt}, or name a file with --file (${way.label})`);
  }
  if (type === 'secret') return terminal.secret(prompt);
  const path = await terminal.text(`Path of ${prompt}`);
  return path === undefined ? undefined : textOf(path.trim());
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new UsageError(`${file} cannot be read${code === 'ENOENT' ? ': no such file' : ''}`, { cause: error });
  }
}
