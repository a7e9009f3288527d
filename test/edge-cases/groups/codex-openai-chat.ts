/** A Chat client of a Responses upstream. */
import type { Group } from '../ledger.ts';
import { answers } from './codex-openai-chat-answer.ts';
import { calls } from './codex-openai-chat-request.ts';

export const codexOpenaiChat: Group = { group: 'codex/openai/chat-completions', entries: [...calls, ...answers] };
