import type { DialectId } from '../ir/index.ts';

/** Words for dialects in payload rules, as CLIProxyAPI's users write them. A word that is not here is a provider's id. */
export const protocolNames: ReadonlyMap<string, readonly DialectId[]> = new Map([
  ['openai', ['openai-chat', 'openai-completions']],
  ['openai-response', ['openai-responses']],
  ['openai-responses', ['openai-responses']],
  ['response', ['openai-responses']],
  ['responses', ['openai-responses']],
  ['codex', ['openai-responses']],
  ['claude', ['anthropic-messages']],
  ['gemini', ['gemini']],
]);
