import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ProxyError } from '../../errors.ts';
import { storageFailed, systemCode } from './storage-error.ts';

/** Longer names are refused by every file system. */
const MAX_NAME_BYTES = 255;

/** Whether an id can be the path of a record below a directory: no hidden name, no way out. */
export function isRecordId(id: string): boolean {
  const segments = id.split('/');
  return (
    id.endsWith('.json') &&
    !/[\\\0]/.test(id) &&
    segments.every((name) => name !== '' && !name.startsWith('.') && Buffer.byteLength(name) <= MAX_NAME_BYTES)
  );
}

/** Whether a real path lies below a real directory. */
export function isInside(directory: string, path: string): boolean {
  return path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

/**
 * Where a record lies, links inside of the directory followed. Throws `storage_failed` for an id that is no path below
 * it, and for links that lead out of it.
 */
export async function recordPath(directory: string, id: string): Promise<string> {
  if (!isRecordId(id)) {
    throw new ProxyError('storage_failed', `"${id}" cannot be the name of an account: a relative path of a .json file`);
  }
  const path = join(directory, ...id.split('/'));
  try {
    const root = await realOrSame(directory);
    const real = await realOrSame(path);
    if (real !== path && !isInside(root, real)) throw linksOut(path);
    // The record may be new, and its folder a link.
    const folder = await realOrSame(join(path, '..'));
    if (folder !== root && folder !== join(path, '..') && !isInside(root, folder)) throw linksOut(path);
    return real;
  } catch (error) {
    throw storageFailed('open', path, error);
  }
}

async function realOrSame(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return path;
    throw error;
  }
}

function linksOut(path: string): ProxyError {
  return new ProxyError('storage_failed', `${path} is a link that leads out of the directory; it is not followed`);
}
