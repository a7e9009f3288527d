import {
  type DialectId,
  ELSEWHERE,
  type GenerationRequest,
  type Message,
  type Part,
  type Signature,
  type TranslationWarning,
} from '../../ir/index.ts';

/** A request whose signatures the target may have, and what was taken out. */
export interface Settled {
  readonly request: GenerationRequest;
  readonly warnings: readonly TranslationWarning[];
}

/**
 * Takes those signatures of the target's dialect out of the history that `isForeign` names. Reasoning keeps a mark, so
 * that the encoder treats it like another dialect's: dropped, or kept as text where that is of use.
 */
export function withoutSignatures(
  request: GenerationRequest,
  dialect: DialectId,
  isForeign: (signature: Signature) => boolean,
  reason: string,
): Settled {
  const warnings: TranslationWarning[] = [];
  if (!holdsSignatures(request.messages, dialect)) return { request, warnings };
  const settle = (part: Part, { path }: Message, index: number): Part => {
    const signature = signatureOf(part);
    if (signature?.origin !== dialect || !isForeign(signature)) return part;
    warnings.push({ path: `${path}.content[${index}]`, reason });
    return unsigned(part, signature);
  };
  const messages = request.messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const content = message.content.map((part, index) => settle(part, message, index));
    return content.some((part, index) => part !== message.content[index]) ? { ...message, content } : message;
  });
  return warnings.length === 0 ? { request, warnings } : { request: { ...request, messages }, warnings };
}

/** The signature of a part, whatever kind it is. */
export function signatureOf(part: Part): Signature | undefined {
  return 'signature' in part ? part.signature : undefined;
}

/** Whether the assistant's turns hold any signature of this dialect. */
export function holdsSignatures(messages: readonly Message[], dialect: DialectId): boolean {
  return messages.some(
    ({ role, content }) => role === 'assistant' && content.some((part) => signatureOf(part)?.origin === dialect),
  );
}

function unsigned(part: Part, signature: Signature): Part {
  if (part.type === 'reasoning') return { ...part, signature: { ...signature, origin: ELSEWHERE } };
  if (!('signature' in part)) return part;
  const { signature: _, ...rest } = part;
  return rest;
}
