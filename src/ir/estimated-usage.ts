import type { Part } from './part.ts';
import type { GenerationRequest } from './request.ts';
import { emptyUsage, isKnownUsage, type Usage } from './usage.ts';

const PER_TOKEN = 4;

/** A quarter of the bytes of a request's texts and tools. Images and files count nothing, as their size says little. */
export function estimateInputTokens({ messages, tools }: GenerationRequest): number {
  const parts = messages.reduce((sum, { content }) => sum + partBytes(content), 0);
  return Math.ceil((parts + (tools.length === 0 ? 0 : JSON.stringify(tools).length)) / PER_TOKEN);
}

/**
 * The usage of an answer for dialects whose clients must be told one: an estimate where the upstream told none, as zeros
 * would be taken for what the answer cost. `characters`: of its texts and calls.
 */
export function toldUsage(usage: Usage, request: GenerationRequest, characters: number): Usage {
  if (isKnownUsage(usage)) return usage;
  const outputTokens = Math.ceil(characters / PER_TOKEN);
  return { ...emptyUsage, inputTokens: estimateInputTokens(request), outputTokens };
}

/** The characters of the texts and calls of an answer. */
export function countCharacters(parts: readonly Part[]): number {
  let characters = 0;
  for (const part of parts) {
    if ('text' in part) characters += part.text.length;
    else if (part.type === 'tool-call') characters += part.arguments.length;
  }
  return characters;
}

function partBytes(parts: readonly Part[]): number {
  let bytes = 0;
  for (const part of parts) {
    if ('text' in part) bytes += Buffer.byteLength(part.text);
    else if (part.type === 'tool-call') bytes += part.name.length + Buffer.byteLength(part.arguments);
    else if (part.type === 'tool-result') bytes += partBytes(part.content);
  }
  return bytes;
}
