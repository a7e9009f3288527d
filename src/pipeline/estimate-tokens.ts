import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GenerationRequest, Message, Part } from '../ir/index.ts';

/** Characters encoded in one go; the event loop runs in between. */
const SLICE = 32_768;
/** What the makers' own documentation gives as a middle size for one image or page. */
const TOKENS_PER_MEDIA = 1000;
const TOKENS_PER_MESSAGE = 4;

/** An estimate of a request's input tokens with the o200k vocabulary, which is loaded on first use. */
export async function estimateTokens(request: GenerationRequest): Promise<number> {
  // The package's main entry is the o200k vocabulary.
  const { countTokens } = await import('gpt-tokenizer');
  const text = requestText(request);
  let tokens = request.messages.length * TOKENS_PER_MESSAGE;
  for (let at = 0; at < text.length; at += SLICE) {
    if (at > 0) await nextTurn();
    tokens += countTokens(text.slice(at, at + SLICE), { disallowedSpecial: new Set() });
  }
  const media = request.messages.reduce((count, message) => count + countMedia(message), 0);
  return tokens + media * TOKENS_PER_MEDIA;
}

function requestText(request: GenerationRequest): string {
  const messages = request.messages.flatMap((message) => message.content.map(partText));
  const tools = request.tools.map((tool) => JSON.stringify(tool));
  return [...messages, ...tools].filter((text) => text !== '').join('\n');
}

function partText(part: Part): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return part.text;
    case 'tool-call':
      return `${part.name} ${part.arguments}`;
    case 'tool-result':
      return part.content.map(partText).join('\n');
    case 'opaque':
      return JSON.stringify(part.value);
    case 'media':
      return part.source.type === 'text' ? part.source.text : '';
  }
}

function countMedia(message: Message): number {
  const parts = message.content.flatMap((part): readonly Part[] =>
    part.type === 'tool-result' ? part.content : [part],
  );
  return parts.filter((part) => part.type === 'media' && part.source.type !== 'text').length;
}
