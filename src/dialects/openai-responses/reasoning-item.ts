/** Reasoning items, and the carrier items that hold signatures which this dialect has no field for. */
import {
  decodeSignature,
  encodeSignature,
  type JsonObject,
  type ReasoningPart,
  type Signature,
} from '../../ir/index.ts';
import { DIALECT, objects, optionalText, text } from './wire.ts';

/** An item that only holds the signature of the text or of the tool call before it. */
export interface SignatureCarrier {
  readonly type: 'carrier';
  readonly signature: Signature;
  /** The signed call; absent: the text before. */
  readonly callId?: string;
}

interface EncryptedReasoning {
  readonly type: 'reasoning';
  readonly signature: Signature;
  readonly redacted: boolean;
}

// Notes in front of a foreign signature's value, inside the `llmproxy.<origin>.` tag.
const REDACTED = 'redacted:';
const TEXT = 'text:';
const CALL = /^call:(\d+):/;

/** The `encrypted_content` for a reasoning part's signature. */
export function encryptReasoning(signature: Signature, redacted: boolean): string {
  return redacted ? tagged(signature, REDACTED) : encodeSignature(signature, DIALECT);
}

/** The `encrypted_content` of a carrier item: the signature of a tool call, or of the text before it. */
export function encryptCarried(signature: Signature, callId: string | undefined): string {
  return tagged(signature, callId === undefined ? TEXT : `call:${callId.length}:${callId}`);
}

function tagged(signature: Signature, note: string): string {
  const value = note + signature.value;
  // Own signatures go untagged, so a note would change their value; they are never redacted nor carried anyway.
  return signature.origin === DIALECT ? signature.value : encodeSignature({ ...signature, value }, DIALECT);
}

/** Reads `encrypted_content`, whoever wrote it. */
export function decryptContent(encrypted: string): EncryptedReasoning | SignatureCarrier {
  const signature = decodeSignature(encrypted, DIALECT);
  const { value } = signature;
  const bare = (start: number): Signature => ({ ...signature, value: value.slice(start) });
  if (signature.origin === DIALECT) return { type: 'reasoning', signature, redacted: false };
  if (value.startsWith(REDACTED)) {
    return { type: 'reasoning', signature: bare(REDACTED.length), redacted: true };
  }
  if (value.startsWith(TEXT)) return { type: 'carrier', signature: bare(TEXT.length) };
  const call = CALL.exec(value);
  if (call === null) return { type: 'reasoning', signature, redacted: false };
  const start = call[0].length;
  const end = start + Number(call[1]);
  return { type: 'carrier', signature: bare(end), callId: value.slice(start, end) };
}

/** Between the parts of a summary. */
export const SUMMARY_SEPARATOR = '\n\n';

/** The text of a reasoning item: its summary, or else the reasoning itself. */
export function reasoningText(wire: JsonObject): { readonly text: string; readonly summary: boolean } {
  const join = (key: string): string =>
    objects(wire[key])
      .map((part) => text(part['text']))
      .join(SUMMARY_SEPARATOR);
  const summary = join('summary');
  const content = summary === '' ? join('content') : '';
  return content === '' ? { text: summary, summary: true } : { text: content, summary: false };
}

/** A reasoning item -> its part, or the signature it carries for another part. */
export function decodeReasoningItem(wire: JsonObject): ReasoningPart | SignatureCarrier {
  const encrypted = optionalText(wire['encrypted_content']);
  const decrypted = encrypted === undefined ? undefined : decryptContent(encrypted);
  if (decrypted?.type === 'carrier') return decrypted;
  const id = optionalText(wire['id']);
  return {
    type: 'reasoning',
    ...reasoningText(wire),
    redacted: decrypted?.redacted ?? false,
    ...(decrypted === undefined ? {} : { signature: decrypted.signature }),
    ...(id === undefined ? {} : { id }),
  };
}
