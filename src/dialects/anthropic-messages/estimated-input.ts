import { emptyUsage, type GenerationRequest, type Part, totalInputTokens, type Usage } from '../../ir/index.ts';

const BYTES_PER_TOKEN = 4;

/**
 * What `message_start` says of the input. Only Claude knows it by then, but some clients read it nowhere else, and take
 * 0 for an empty context: a quarter of the text's bytes stands in, until `message_delta` brings the provider's figures.
 * Images and files count nothing, as their size says little.
 */
export function startUsage(known: Usage | undefined, request: GenerationRequest): Usage {
  if (known !== undefined && totalInputTokens(known) > 0) return known;
  const parts = request.messages.reduce((sum, { content }) => sum + partBytes(content), 0);
  const tools = request.tools.length === 0 ? 0 : JSON.stringify(request.tools).length;
  return { ...(known ?? emptyUsage), inputTokens: Math.ceil((parts + tools) / BYTES_PER_TOKEN) };
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
