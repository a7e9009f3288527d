import type { GenerationRequest, Message, Part, Tool } from '../ir/index.ts';
import { serverToolText } from '../ir/server-tool.ts';
import { countInThread } from './token-thread.ts';
import { vocabularyOf } from './tokenize.ts';

/** What the makers' own documentation gives as a middle size for one image or page. */
const TOKENS_PER_MEDIA = 1000;
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_TOOL = 8;

/** Estimated input tokens; `media`: those of them for images, audio and files, at a flat rate each. */
export interface TokenEstimate {
  readonly tokens: number;
  readonly media: number;
}

/** An estimate of a request's input tokens in the vocabulary of the model that is to answer it. */
export async function estimateTokens(request: GenerationRequest, model: string): Promise<TokenEstimate> {
  const words = await countInThread(vocabularyOf(model), requestText(request));
  const count = request.messages.reduce((sum, message) => sum + countMedia(message), 0);
  const media = count * TOKENS_PER_MEDIA;
  const frame = request.messages.length * TOKENS_PER_MESSAGE + request.tools.length * TOKENS_PER_TOOL;
  return { tokens: words + frame + media, media };
}

function requestText({ messages, tools, output }: GenerationRequest): string {
  const texts = [...messages.flatMap((message) => message.content.map(partText)), ...tools.map(toolText)];
  if (output?.type === 'json-schema') texts.push(JSON.stringify(output.schema));
  return texts.filter((text) => text !== '').join('\n');
}

function toolText(tool: Tool): string {
  switch (tool.type) {
    case 'function':
      return `${tool.name} ${tool.description ?? ''} ${JSON.stringify(tool.parameters ?? {})}`;
    case 'custom':
      return `${tool.name} ${tool.description ?? ''} ${JSON.stringify(tool.format ?? {})}`;
    case 'built-in':
      return tool.name;
    case 'opaque':
      return JSON.stringify(tool.value);
  }
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
    case 'server-tool':
      return serverToolText(part) ?? '';
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
