import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { RecordCipher } from './cipher.ts';
import { systemCode, systemReason } from './storage-error.ts';

/** Records are a few kilobytes; what is larger is something else. */
export const MAX_RECORD_BYTES: number = 1024 * 1024;

/** What lies at a path. */
export type StoredFile =
  | { readonly kind: 'missing' }
  | ReadFile<{
      readonly kind: 'record';
      readonly fields: Readonly<Record<string, unknown>>;
      /** Of the key it is encrypted with; undefined: it is plain. */
      readonly keyId: string | undefined;
    }>
  /** Its content is no record, whoever reads it. */
  | ReadFile<{ readonly kind: 'damaged'; readonly reason: string }>
  /** Encrypted, and not with a key that we have. */
  | ReadFile<{ readonly kind: 'sealed'; readonly reason: string }>
  /** The system or good sense forbids to read it. */
  | { readonly kind: 'unreadable'; readonly reason: string };

type ReadFile<T> = T & { readonly revision: string; readonly modifiedAtMs: number; readonly mode: number };

/** Reads the file of a record. Never throws for what it finds. */
export async function readStoredFile(path: string, id: string, cipher: RecordCipher): Promise<StoredFile> {
  let handle: FileHandle;
  try {
    // Not to wait for the other end of a pipe that somebody put there.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', reason: systemReason(error) };
  }
  try {
    const { size, mtimeMs, mode, isRegular } = await statOf(handle);
    if (!isRegular) return { kind: 'unreadable', reason: 'it is not a file' };
    if (size > MAX_RECORD_BYTES) return { kind: 'unreadable', reason: 'it is too large for an account' };
    const bytes = await handle.readFile();
    const about = { revision: revisionOf(bytes), modifiedAtMs: Math.round(mtimeMs), mode };
    return { ...parseStored(bytes, id, cipher), ...about };
  } catch (error) {
    return { kind: 'unreadable', reason: systemReason(error) };
  } finally {
    await handle.close();
  }
}

async function statOf(
  handle: FileHandle,
): Promise<{ size: number; mtimeMs: number; mode: number; isRegular: boolean }> {
  const stats = await handle.stat();
  return { size: stats.size, mtimeMs: stats.mtimeMs, mode: stats.mode, isRegular: stats.isFile() };
}

/** What a record's bytes are called. */
export function revisionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

type Parsed =
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, unknown>>; readonly keyId: string | undefined }
  | { readonly kind: 'damaged' | 'sealed'; readonly reason: string };

function parseStored(bytes: Buffer, id: string, cipher: RecordCipher): Parsed {
  const text = bytes.toString('utf8');
  if (text.trim() === '') return { kind: 'damaged', reason: 'it is empty' };
  const outer = parseObject(text);
  if (typeof outer === 'string') return { kind: 'damaged', reason: outer };
  if (outer['llmproxy_encrypted'] === undefined) return { kind: 'record', fields: outer, keyId: undefined };
  const opened = cipher.open(id, outer);
  if ('reason' in opened) return { kind: 'sealed', reason: opened.reason };
  const fields = parseObject(opened.text);
  return typeof fields === 'string'
    ? { kind: 'sealed', reason: fields }
    : { kind: 'record', fields, keyId: opened.keyId };
}

/** The object, or what is wrong with the text. The text is not quoted: it may be a secret. */
function parseObject(text: string): Readonly<Record<string, unknown>> | string {
  try {
    // Windows editors put a byte order mark first.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : 'it is JSON, but no object';
  } catch {
    return 'it is not JSON';
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
