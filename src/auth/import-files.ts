import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ProxyError } from '../errors.ts';
import type { ImportedFile } from './login.ts';

/** A login is a few KB. */
const MAX_BYTES = 1024 * 1024;
/** Programs are bundled into files of many MB. */
const MAX_PROGRAM_BYTES = 64 * 1024 * 1024;

/** Those of the paths that are files; a `*` in the last part stands for anything. */
export function existingFiles(paths: readonly string[]): Promise<readonly string[]> {
  return filesUpTo(MAX_BYTES, paths);
}

/** The first file of a program in which the words are; one after the other, as they are large. */
export async function programFile(paths: readonly string[], words: string): Promise<string | undefined> {
  for (const path of await filesUpTo(MAX_PROGRAM_BYTES, paths)) {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes?.includes(words) === true) return path;
  }
  return undefined;
}

async function filesUpTo(maxBytes: number, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map((path) => (path.includes('*') ? matching(path) : [path])));
  const all = [...new Set(found.flat())];
  const isFile = await Promise.all(all.map((path) => isReadableFile(path, maxBytes)));
  return all.filter((_, index) => isFile[index]);
}

/** Reads files of another program. Throws ProxyError `invalid_request` for one that cannot be read. */
export async function readImportFiles(paths: readonly string[]): Promise<readonly ImportedFile[]> {
  return Promise.all(
    paths.map(async (path) => {
      try {
        return { path, text: await readFile(path, 'utf8') };
      } catch (error) {
        const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read';
        throw new ProxyError('invalid_request', `${path} cannot be read: ${why}`, { cause: error });
      }
    }),
  );
}

async function matching(path: string): Promise<readonly string[]> {
  const folder = dirname(path);
  const literal = basename(path)
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(`^${literal.join('.*')}$`);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => pattern.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

async function isReadableFile(path: string, maxBytes: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size <= maxBytes;
}
