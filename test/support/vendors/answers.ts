/** What simulated vendors answer in the four dialects, so that each writes only what is its own. */
import type { ServerResponse } from 'node:http';
import type { ScriptedAnswer, UpstreamDialect, Wire } from '../scripted-upstream/index.ts';
import { chatJson, chatStream } from '../scripted-upstream/wire-chat.ts';
import { geminiJson, geminiStream } from '../scripted-upstream/wire-gemini.ts';
import { messagesJson, messagesStream } from '../scripted-upstream/wire-messages.ts';
import { responsesJson, responsesStream } from '../scripted-upstream/wire-responses.ts';
import { sendJson } from './vendor.ts';

/** A whole answer. */
export function answerJson(dialect: UpstreamDialect, model: string, answer: ScriptedAnswer): Wire {
  switch (dialect) {
    case 'openai-chat':
      return chatJson(answer, model);
    case 'openai-responses':
      return responsesJson(answer, model);
    case 'anthropic-messages':
      return messagesJson(answer, model);
    case 'gemini':
      return geminiJson(answer, model);
  }
}

/** The pieces of an answer's event stream, each one or more events with the empty line behind them. */
export function answerStream(dialect: UpstreamDialect, model: string, answer: ScriptedAnswer): string[] {
  switch (dialect) {
    case 'openai-chat':
      return chatStream(answer, model);
    case 'openai-responses':
      return responsesStream(answer, model);
    case 'anthropic-messages':
      return messagesStream(answer, model);
    case 'gemini':
      return geminiStream(answer, model, true);
  }
}

/** Answers a generating request. `wrap`: puts the service's envelope around a whole answer or the data of an event. */
export function sendAnswer(
  reply: ServerResponse,
  { dialect, model, stream, answer, wrap = (body) => body, before = '' }: SentAnswer,
): void {
  if (!stream) {
    sendJson(reply, 200, wrap(answerJson(dialect, model, answer)));
    return;
  }
  reply.writeHead(200, { 'content-type': 'text/event-stream' });
  if (before !== '') reply.write(before);
  for (const piece of answerStream(dialect, model, answer)) {
    reply.write(
      piece.replaceAll(/^data: (\{.*\})$/gm, (_, data: string) => `data: ${JSON.stringify(wrap(JSON.parse(data)))}`),
    );
  }
  reply.end();
}

/** See {@link sendAnswer}. */
export interface SentAnswer {
  readonly dialect: UpstreamDialect;
  readonly model: string;
  readonly stream: boolean;
  readonly answer: ScriptedAnswer;
  readonly wrap?: (body: Wire) => unknown;
  /** Events of the service's own in front of a stream. */
  readonly before?: string;
}
