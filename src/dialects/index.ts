import type { DialectId } from '../ir/index.ts';
import { anthropicMessages } from './anthropic-messages/index.ts';
import type { ClientCodec, Codec, UpstreamCodec } from './codec.ts';
import { gemini } from './gemini/index.ts';
import { kiro } from './kiro/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiCompletions } from './openai-completions/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

/** Every dialect with both halves, by id. A new one is one folder and one line here. */
export const codecs: ReadonlyMap<DialectId, Codec> = new Map(
  [openaiChat, openaiResponses, anthropicMessages, gemini].map((codec) => [codec.id, codec]),
);

/** Every dialect that upstreams speak: some of them no client does. */
export const upstreamCodecs: ReadonlyMap<DialectId, UpstreamCodec> = new Map<DialectId, UpstreamCodec>([
  ...codecs,
  [kiro.id, kiro],
]);

/** What answers at each group of the server's endpoints. */
export const clientCodecs: Readonly<Record<'chat' | 'completions' | 'responses' | 'messages' | 'gemini', ClientCodec>> =
  {
    chat: openaiChat,
    completions: openaiCompletions,
    responses: openaiResponses,
    messages: anthropicMessages,
    gemini,
  };
