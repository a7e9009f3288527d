/** One request of the soak and the verdict over its answer. */
import { bodyOf, pathOf, readError, readText } from '../../test/faults/dialect-client.ts';
import { CLIENT_KEY } from '../../test/support/proxy-process.ts';
import type { UpstreamDialect, Wire } from '../../test/support/scripted-upstream/index.ts';
import { answerTo } from './chance.ts';
import { StreamReader } from './read-answer.ts';

/** What is asked. */
export interface Question {
  readonly dialect: UpstreamDialect;
  readonly model: string;
  readonly stream: boolean;
  readonly nonce: string;
  /** Requests of one conversation begin alike. */
  readonly conversation: number;
  /** The client goes away after so many milliseconds. */
  readonly abortAfterMs?: number;
}

/** What became of it. `wrong`: an answer that nobody may ever get. */
export type Verdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'error in the stream'; readonly message: string }
  | { readonly kind: 'client left' }
  /** The connection was cut in the middle of a whole answer: after status 200 there is no other way to say so. */
  | { readonly kind: 'whole answer cut' }
  | { readonly kind: 'wrong'; readonly why: string };

/** A client waits no longer. */
const PATIENCE_MS = 60_000;

/** Asks over a real socket and judges every byte. */
export async function ask(origin: string, question: Question): Promise<Verdict> {
  const { dialect, model, stream, abortAfterMs } = question;
  const limit = AbortSignal.timeout(abortAfterMs ?? PATIENCE_MS);
  try {
    const response = await fetch(origin + pathOf(dialect, model, stream), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${CLIENT_KEY}` },
      body: JSON.stringify(withConversation(question)),
      signal: limit,
    });
    if (response.status !== 200) return judgeRefusal(dialect, response.status, await response.text());
    if (!stream) return judgeWhole(question, await wholeText(response, limit));
    const reader = new StreamReader(dialect);
    for await (const chunk of response.body ?? []) {
      reader.push(chunk);
      if (!answerTo(question.nonce).startsWith(reader.reading.text)) break;
    }
    reader.end();
    return judgeStream(question, reader);
  } catch (error) {
    if (abortAfterMs !== undefined && limit.aborted) return { kind: 'client left' };
    return { kind: 'wrong', why: limit.aborted ? `no end within ${PATIENCE_MS} ms` : describe(error) };
  }
}

function withConversation({ dialect, model, stream, nonce, conversation }: Question): Wire {
  const last = `The number of this question is ${nonce}.`;
  const first = `Conversation ${conversation} begins.`;
  const body = bodyOf(dialect, model, stream, last);
  switch (dialect) {
    case 'openai-chat':
      return {
        ...body,
        messages: [{ role: 'user', content: first }, { role: 'assistant', content: 'Yes.' }, ...body.messages],
      };
    case 'openai-responses':
      return {
        ...body,
        store: false,
        input: [
          { role: 'user', content: first },
          { role: 'assistant', content: 'Yes.' },
          { role: 'user', content: last },
        ],
      };
    case 'anthropic-messages':
      return {
        ...body,
        messages: [{ role: 'user', content: first }, { role: 'assistant', content: 'Yes.' }, ...body.messages],
      };
    case 'gemini':
      return {
        contents: [
          { role: 'user', parts: [{ text: first }] },
          { role: 'model', parts: [{ text: 'Yes.' }] },
          ...body.contents,
        ],
      };
  }
}

function judgeRefusal(dialect: UpstreamDialect, status: number, text: string): Verdict {
  try {
    const { shape, message } = readError(dialect, JSON.parse(text));
    if (shape) return { kind: 'refused', status, message };
  } catch {
    // No JSON: as wrong as another shape.
  }
  return { kind: 'wrong', why: `${status} that is no ${dialect} error: ${text.slice(0, 200)}` };
}

/** Undefined: the connection was cut. */
async function wholeText(response: Response, limit: AbortSignal): Promise<string | undefined> {
  try {
    return await response.text();
  } catch (error) {
    if (limit.aborted) throw error;
    return undefined;
  }
}

function judgeWhole({ dialect, nonce }: Question, text: string | undefined): Verdict {
  if (text === undefined) return { kind: 'whole answer cut' };
  try {
    const said = readText(dialect, JSON.parse(text));
    return said === answerTo(nonce) ? { kind: 'right' } : { kind: 'wrong', why: `said ${said.slice(0, 200)}` };
  } catch {
    return { kind: 'wrong', why: `no ${dialect} answer: ${text.slice(0, 200)}` };
  }
}

function judgeStream({ nonce }: Question, { reading }: StreamReader): Verdict {
  const { text, isComplete, error, malformed } = reading;
  const right = answerTo(nonce);
  if (malformed !== undefined) return { kind: 'wrong', why: malformed };
  if (!right.startsWith(text)) return { kind: 'wrong', why: `said ${text.slice(0, 200)}` };
  if (error !== undefined) return { kind: 'error in the stream', message: error };
  if (isComplete && text === right) return { kind: 'right' };
  return { kind: 'wrong', why: isComplete ? `ended after ${text.length} of ${right.length}` : 'ended without an end' };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
