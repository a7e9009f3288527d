import { isJsonObject, type JsonObject, type JsonValue } from '../../ir/index.ts';
import { countWords, type EchoAnswer, echoAnswer, promptWords } from './answer.ts';

const MAX_PIECES = 24;
const MIN_PIECE_CHARACTERS = 4;

/** What an answer needs beyond the request. */
export interface Stamp {
  readonly id: string;
  readonly createdS: number;
}

/** The answer as one chat completion. */
export function echoWhole(body: JsonObject, stamp: Stamp): JsonObject {
  const answer = echoAnswer(body);
  const message = { role: 'assistant', refusal: null, ...content(answer, stamp) };
  return {
    ...head(body, stamp, 'chat.completion'),
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }],
    usage: usage(body, answer),
  };
}

/** The answer as the SSE blocks of a chat stream, `[DONE]` included. */
export function echoStream(body: JsonObject, stamp: Stamp): readonly string[] {
  const answer = echoAnswer(body);
  const base = head(body, stamp, 'chat.completion.chunk');
  const chunk = (delta: JsonObject, finish: string | null): string =>
    block({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  return [
    chunk({ role: 'assistant', content: answer.type === 'text' ? '' : null }, null),
    ...deltas(answer, stamp).map((delta) => chunk(delta, null)),
    chunk({}, finishReason(answer)),
    ...(wantsUsage(body) ? [block({ ...base, choices: [], usage: usage(body, answer) })] : []),
    'data: [DONE]\n\n',
  ];
}

function deltas(answer: EchoAnswer, stamp: Stamp): readonly JsonObject[] {
  if (answer.type === 'text') return pieces(answer.text).map((text) => ({ content: text }));
  const opening = { index: 0, id: callId(stamp), type: 'function', function: { name: answer.name, arguments: '' } };
  return [
    { tool_calls: [opening] },
    ...pieces(answer.argumentsJson).map((text) => ({ tool_calls: [{ index: 0, function: { arguments: text } }] })),
  ];
}

function content(answer: EchoAnswer, stamp: Stamp): JsonObject {
  if (answer.type === 'text') return { content: answer.text };
  const call = { name: answer.name, arguments: answer.argumentsJson };
  return { content: null, tool_calls: [{ id: callId(stamp), type: 'function', function: call }] };
}

function block(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function head(body: JsonObject, stamp: Stamp, object: string): JsonObject {
  return { id: stamp.id, object, created: stamp.createdS, model: body['model'] ?? 'echo' };
}

function callId(stamp: Stamp): string {
  return `call_${stamp.id.replaceAll(/[^a-z0-9]/gi, '').slice(-24)}`;
}

function finishReason(answer: EchoAnswer): string {
  return answer.type === 'text' ? 'stop' : 'tool_calls';
}

function usage(body: JsonObject, answer: EchoAnswer): JsonValue {
  const input = promptWords(body);
  const output = countWords(answer.type === 'text' ? answer.text : answer.argumentsJson);
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function wantsUsage(body: JsonObject): boolean {
  return isJsonObject(body['stream_options']) && body['stream_options']['include_usage'] === true;
}

/** The text in a few pieces, never cut inside a character. */
function pieces(text: string): readonly string[] {
  const characters = Array.from(text);
  const size = Math.max(MIN_PIECE_CHARACTERS, Math.ceil(characters.length / MAX_PIECES));
  const result: string[] = [];
  for (let start = 0; start < characters.length; start += size) {
    result.push(characters.slice(start, start + size).join(''));
  }
  return result;
}
