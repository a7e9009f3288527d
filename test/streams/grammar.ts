/**
 * The grammar of each dialect's stream, written without the product's codecs: what a strict client relies on. Throws
 * with every rule that a stream breaks.
 */
import type { UpstreamDialect } from '../support/scripted-upstream/index.ts';
import { chatRules } from './grammar/chat.ts';
import { geminiRules } from './grammar/gemini.ts';
import { messagesRules } from './grammar/messages.ts';
import { responsesRules } from './grammar/responses.ts';
import type { Rules, StreamEvent } from './grammar/rules.ts';

/** What is expected of the end. */
export interface Ending {
  /** The stream breaks off: it has an error event, and nothing that looks like its end. */
  readonly broken?: boolean;
}

const rules: Readonly<Record<UpstreamDialect, Rules>> = {
  'openai-chat': chatRules,
  'openai-responses': responsesRules,
  'anthropic-messages': messagesRules,
  gemini: geminiRules,
};

/** Checks the bytes of a whole stream. */
export function checkStream(dialect: UpstreamDialect, text: string, { broken = false }: Ending = {}): void {
  const wrong = [...framing(text), ...rules[dialect](read(text), broken)];
  if (wrong.length > 0) throw new Error(`${dialect} stream: ${wrong.join('; ')}\n${text.slice(0, 4000)}`);
}

/** Every event ends with a blank line; a line is a comment, a field, or white space. */
function framing(text: string): string[] {
  const wrong: string[] = [];
  if (!/\r?\n\r?\n$/.test(text)) wrong.push('the last event has no blank line');
  for (const line of text.split(/\r?\n/)) {
    if (line !== '' && !/^(?::|data:|event:|id:|retry:)/.test(line)) wrong.push(`not a field: ${line.slice(0, 40)}`);
  }
  return wrong;
}

function read(text: string): StreamEvent[] {
  const events: StreamEvent[] = [];
  for (const block of text.split(/\r?\n\r?\n/)) {
    const lines = block.split(/\r?\n/);
    const field = (name: string): string[] =>
      lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ''));
    const data = field('data');
    if (data.length === 0) continue;
    const json = data.join('\n');
    events.push({ name: field('event')[0], data: json === '[DONE]' ? undefined : JSON.parse(json) });
  }
  return events;
}
