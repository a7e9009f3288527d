import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Document, isAlias, isCollection, parseDocument } from 'yaml';
import { ProxyError } from '../errors.ts';
import { contentHash } from './load.ts';
import { formatPath, type KeyPath } from './walk.ts';

/** One edit of a configuration file. `value` undefined: the key goes. */
export interface ConfigEdit {
  readonly path: KeyPath;
  readonly value: unknown;
}

/** What was written. */
export interface SavedConfig {
  readonly text: string;
  /** For the watcher: it is no change that somebody else made. */
  readonly revision: string;
}

/**
 * The text with the edits in it; comments, order and everything that is not edited stay. Throws `invalid_config` for a
 * text that is no YAML, and for a path through a value that has no keys.
 */
export function editConfig(text: string, edits: readonly ConfigEdit[]): string {
  const document = parseDocument(text, { keepSourceTokens: true, merge: true });
  if (document.errors.length > 0) throw new ProxyError('invalid_config', 'the configuration file is not valid YAML');
  for (const edit of edits) apply(document, edit);
  const lineWidth = 0;
  const edited = document.toString({ lineWidth });
  return text.includes('\r\n') ? edited.replaceAll(/\r?\n/g, '\r\n') : edited;
}

function apply(document: Document, { path, value }: ConfigEdit): void {
  for (let depth = 0; depth < path.length; depth++) {
    const at = path.slice(0, depth);
    const node = document.getIn(at, true);
    // An edit must not change the other places that share the value.
    if (isAlias(node)) document.setIn(at, node.resolve(document)?.clone());
    else if (node !== undefined && node !== null && !isCollection(node) && depth > 0 && !isEmpty(document.getIn(at))) {
      throw new ProxyError('invalid_config', `${formatPath(at)}: has a value and no keys`, { path: formatPath(at) });
    }
  }
  if (value === undefined) {
    if (document.hasIn(path)) document.deleteIn(path);
    return;
  }
  for (let depth = 1; depth < path.length && document.contents !== null; depth++) {
    const at = path.slice(0, depth);
    if (isEmpty(document.getIn(at))) document.setIn(at, document.createNode(typeof path[depth] === 'number' ? [] : {}));
  }
  document.setIn(path, value);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined;
}

/** Edits a configuration file; one that does not exist is created for its owner only. Throws `storage_failed`. */
export async function saveConfig(file: string, edits: readonly ConfigEdit[]): Promise<SavedConfig> {
  try {
    const before = await readFile(file, 'utf8').catch(missingAsUndefined);
    const text = editConfig(before ?? '', edits);
    if (text !== before) await replaceFile(file, text);
    return { text, revision: contentHash(text) };
  } catch (cause) {
    if (cause instanceof ProxyError) throw cause;
    throw new ProxyError('storage_failed', `${file} cannot be written: ${codeOf(cause)}`, { cause });
  }
}

/** All or nothing where another file can be put in place of the old one; in place where it is mounted alone. */
async function replaceFile(link: string, text: string): Promise<void> {
  // The link stays one.
  const file = await realpath(link).catch(() => link);
  const old = await stat(file).catch(missingAsUndefined);
  const mode = old === undefined ? 0o600 : old.mode & 0o7777;
  const temp = join(dirname(file), `.llmproxy-${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temp, 'wx', mode);
    await writeAndClose(handle, text, mode);
    if (old !== undefined) await keepOwner(temp, old);
    await rename(temp, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await unlink(temp).catch(() => undefined);
    // The folder is read-only, or the file is a mount of its own.
    if (old === undefined || !['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error;
    await writeAndClose(await open(file, 'r+'), text, undefined);
  }
}

async function writeAndClose(handle: FileHandle, text: string, mode: number | undefined): Promise<void> {
  try {
    const { bytesWritten } = await handle.write(text, 0, 'utf8');
    await handle.truncate(bytesWritten);
    // The mask of the process took bits away.
    if (mode !== undefined) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Only root can give a file away; for everybody else a file of another owner is written in place. */
async function keepOwner(temp: string, { uid, gid }: { readonly uid: number; readonly gid: number }): Promise<void> {
  const own = await stat(temp);
  if (own.uid === uid && own.gid === gid) return;
  const handle = await open(temp, 'r+');
  try {
    await handle.chown(uid, gid);
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders.
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function missingAsUndefined(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
