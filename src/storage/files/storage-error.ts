import { ProxyError } from '../../errors.ts';

/** Why the system refused, in words that a user can act on; by its error code. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than this process may write',
  EROFS: 'the file system is read-only',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  ENOTDIR: 'a file is in the place of a directory',
  EEXIST: 'a file is in the place of a directory',
  ENOENT: 'no such file',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links go round in a circle',
};

/** The code of a system error: `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Why the system refused. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return (code === undefined ? undefined : reasons[code]) ?? code ?? 'unknown reason';
}

/** `storage_failed` for a file: `cannot write <path>: the disk is full`. One that is such an error stays as it is. */
export function storageFailed(action: string, path: string, error: unknown): ProxyError {
  if (error instanceof ProxyError) return error;
  return new ProxyError('storage_failed', `cannot ${action} ${path}: ${systemReason(error)}`, { cause: error });
}
