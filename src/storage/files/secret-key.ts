import { hkdfSync, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { ProxyError } from '../../errors.ts';

/** A key that encrypts records. */
export interface SecretKey {
  /** Eight hex digits that tell keys apart and say nothing of them. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

const KEY_BYTES = 32;
const MIN_PASSPHRASE = 16;
/** 32 MiB and three rounds: what OWASP gives as equal to 128 MiB and one. */
const SCRYPT: ScryptOptions = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
/** Keys have no place to keep a salt of their own; this one parts them from other programs' keys. */
const SALT = 'llmproxy record encryption';

/** A fresh key as text: 32 random bytes in base64. */
export function createSecretKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/**
 * The key that a text stands for: 64 hex digits, or 32 bytes in base64 or base64url. Anything else of at least 16
 * characters is a passphrase, stretched with scrypt. Throws `invalid_config` for what is too short.
 */
export async function parseSecretKey(text: string): Promise<SecretKey> {
  const trimmed = text.trim();
  return secretKey(decoded(trimmed) ?? (await stretched(trimmed)));
}

/** The keys of a key file: exactly 32 bytes that are not text, or one key per line. The first encrypts. */
export async function parseKeyFile(bytes: Uint8Array): Promise<SecretKey[]> {
  const isText = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d);
  if (bytes.length === KEY_BYTES && !isText) return [secretKey(bytes)];
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const keys: SecretKey[] = [];
  for (const line of lines) if (line.trim() !== '') keys.push(await parseSecretKey(line));
  return keys;
}

function decoded(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === KEY_BYTES ? bytes : undefined;
}

function stretched(passphrase: string): Promise<Uint8Array> {
  if (passphrase.length < MIN_PASSPHRASE) {
    const hint = '`llmproxy keys new` makes one';
    throw new ProxyError(
      'invalid_config',
      `the secret key is neither 32 bytes in hex or base64 nor a passphrase of at least ${MIN_PASSPHRASE} characters; ${hint}`,
    );
  }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), SALT, KEY_BYTES, SCRYPT, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** Id and key are derived, so that neither says anything of the other or of what was typed. */
function secretKey(material: Uint8Array): SecretKey {
  const derive = (purpose: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', material, SALT, purpose, length));
  return { id: derive('key id', 4).toString('hex'), bytes: derive('aes-256-gcm', KEY_BYTES) };
}
