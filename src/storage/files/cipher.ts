import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretKey } from './secret-key.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What became of an encrypted file: its text, or why it cannot be read. */
export type Opened = { readonly text: string; readonly keyId: string } | { readonly reason: string };

/** Encrypts and decrypts records. */
export interface RecordCipher {
  /** Id of the key that new files are encrypted with; undefined: they are plain. */
  readonly keyId: string | undefined;
  /** The content of a file for this text. */
  seal(id: string, text: string): Uint8Array;
  /** Opens the content of an encrypted file. */
  open(id: string, envelope: Readonly<Record<string, unknown>>): Opened;
}

/**
 * AES-256-GCM, bound to the record's id: a file put in another's place does not open. The first key encrypts (undefined:
 * none does); all of them decrypt.
 */
export function createRecordCipher(current: SecretKey | undefined, others: readonly SecretKey[] = []): RecordCipher {
  const keys = new Map([...others, ...(current === undefined ? [] : [current])].map((key) => [key.id, key]));
  return {
    keyId: current?.id,
    seal(id, text) {
      if (current === undefined) return Buffer.from(`${text}\n`);
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.bytes, nonce).setAAD(Buffer.from(id));
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      const envelope = {
        llmproxy_encrypted: 1,
        key_id: current.id,
        nonce: nonce.toString('base64'),
        data: data.toString('base64'),
      };
      return Buffer.from(`${JSON.stringify(envelope)}\n`);
    },
    open(id, { llmproxy_encrypted: version, key_id: keyId, nonce, data }) {
      if (version !== 1) return { reason: 'it is encrypted in a way that this version does not know' };
      if (typeof keyId !== 'string' || typeof nonce !== 'string' || typeof data !== 'string') {
        return { reason: 'it says that it is encrypted, but parts are missing' };
      }
      const key = keys.get(keyId);
      if (key === undefined) return { reason: missingKey(keyId, keys.size) };
      const text = decrypt(key, id, Buffer.from(nonce, 'base64'), Buffer.from(data, 'base64'));
      return text === undefined ? { reason: 'it was renamed or changed after it was encrypted' } : { text, keyId };
    },
  };
}

function missingKey(keyId: string, known: number): string {
  const shown = /^[0-9a-f]{8}$/.test(keyId) ? ` ${keyId}` : '';
  return known === 0
    ? `it is encrypted with the key${shown}, and there is none; set LLMPROXY_SECRET_KEY or LLMPROXY_SECRET_KEY_FILE`
    : `it is encrypted with the key${shown}, which is not the one that is set`;
}

function decrypt(key: SecretKey, id: string, nonce: Buffer, data: Buffer): string | undefined {
  if (nonce.length !== NONCE_BYTES || data.length < TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv(ALGORITHM, key.bytes, nonce).setAAD(Buffer.from(id));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
