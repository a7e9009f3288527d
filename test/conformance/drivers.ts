/** The four clients of the matrix, and how the upstreams' requests are read. */
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';
import { chatClient } from './clients/chat.ts';
import { geminiClient } from './clients/gemini.ts';
import { messagesClient } from './clients/messages.ts';
import { responsesClient } from './clients/responses.ts';
import type { ClientDriver, View } from './model.ts';
import { viewChat } from './upstreams/chat.ts';
import { viewGemini } from './upstreams/gemini.ts';
import { viewMessages } from './upstreams/messages.ts';
import { viewResponses } from './upstreams/responses.ts';

export const clients: readonly ClientDriver[] = [chatClient, responsesClient, messagesClient, geminiClient];

export const views: Readonly<Record<UpstreamDialect, (body: Wire) => View>> = {
  'openai-chat': viewChat,
  'openai-responses': viewResponses,
  'anthropic-messages': viewMessages,
  gemini: viewGemini,
};
