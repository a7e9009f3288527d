import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordProblem } from '../ports.ts';
import { isInside, isRecordId } from './record-path.ts';
import { systemCode, systemReason } from './storage-error.ts';

/** Deeper and larger trees are not directories of accounts. */
const MAX_DEPTH = 8;
const MAX_FILES = 20_000;

/** What lies below a directory of records. */
export interface Tree {
  /** Ids of the records, sorted. */
  readonly ids: readonly string[];
  /** With their modes. */
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  /** Hidden files that may be leftovers of a write. */
  readonly hidden: readonly { readonly directory: string; readonly name: string }[];
  readonly problems: readonly RecordProblem[];
}

/** Walks the whole tree; links are followed to files inside of it only. Throws system errors of the root itself. */
export async function walkRecords(root: string): Promise<Tree> {
  const ids: string[] = [];
  const directories: { path: string; mode: number }[] = [];
  const hidden: { directory: string; name: string }[] = [];
  const problems: RecordProblem[] = [];
  const tree: Tree = { ids, directories, hidden, problems };
  let realRoot: string;
  try {
    realRoot = await realpath(root);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return tree;
    throw error;
  }

  async function visit(directory: string, prefix: string, depth: number): Promise<void> {
    const entries = await readdir(directory, { withFileTypes: true });
    directories.push({ path: directory, mode: (await lstat(directory)).mode });
    for (const entry of entries) {
      if (entry.name.startsWith('.')) {
        if (entry.isFile()) hidden.push({ directory, name: entry.name });
      } else if (entry.isDirectory()) {
        await enter(entry, join(directory, entry.name), `${prefix}${entry.name}/`, depth + 1);
      } else if (isRecordId(entry.name)) {
        await add(entry, join(directory, entry.name), prefix + entry.name);
      }
    }
  }

  async function enter(entry: Dirent, path: string, prefix: string, depth: number): Promise<void> {
    if (entry.name === 'node_modules' || depth > MAX_DEPTH) return;
    try {
      await visit(path, prefix, depth);
    } catch (error) {
      problems.push({ id: prefix, message: `${path} cannot be read: ${systemReason(error)}` });
    }
  }

  async function add(entry: Dirent, path: string, id: string): Promise<void> {
    if (entry.isSymbolicLink()) {
      const target = await linkedFile(path);
      if (target === undefined) return;
      if (!isInside(realRoot, target)) {
        problems.push({ id, message: `${path} is a link that leads out of the directory; it is not followed` });
        return;
      }
    } else if (!entry.isFile()) return;
    if (ids.length < MAX_FILES) ids.push(id);
    else if (ids.length === MAX_FILES && !problems.some((problem) => problem.id === '')) {
      problems.push({ id: '', message: `${root} has more than ${MAX_FILES} accounts; the others are left out` });
    }
  }

  await visit(realRoot, '', 0);
  ids.sort();
  return tree;
}

/** Where a link to a file leads; undefined for anything else. */
async function linkedFile(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isFile() ? await realpath(path) : undefined;
  } catch {
    return undefined;
  }
}
