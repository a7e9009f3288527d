import { invalidRequest, ProxyError, toProxyError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../ir/read.ts';
import { sendError } from '../pipeline/error-reply.ts';
import { compactPathOf, previousResponseNotFound } from '../pipeline/exchange-state.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import type { Target } from '../routing/target.ts';
import { inputItems, outputOf } from './answer-reader.ts';
import { BackgroundReply } from './background-reply.ts';
import { compactionResponse, sendStream } from './compact-answer.ts';
import { compactionItem } from './compaction-item.ts';
import { responseEvents } from './response-events.ts';
import { sendJson } from './send-json.ts';
import { editBody, rawMember } from './state-request.ts';
import { servingTargets, type Turn, type TurnOptions } from './turn.ts';

const PROMPT =
  'Write a summary of the conversation so far, for yourself: it will replace the conversation, and you will have to ' +
  'go on from it alone. Keep what the user wants, the decisions and their reasons, names, paths, identifiers and ' +
  'numbers exactly, what was done and with which result, and what is still to do. Answer with the summary only, and ' +
  'call no tools.';

/** Members of the client's request that the request for the summary keeps: what the model knows, and how it is paid. */
const KEPT = new Set([
  'model',
  'instructions',
  'tools',
  'prompt_cache_key',
  'service_tier',
  'safety_identifier',
  'user',
]);

/** What a summary is made of. */
interface Summary {
  readonly text: string;
  readonly usage: JsonValue;
}

/** `POST /v1/responses/compact`: by the provider where it has that, otherwise by asking the model. */
export function answerCompact(options: TurnOptions, turn: Turn): void {
  const { exchange, request, body } = turn;
  if (request.stream) throw invalidRequest('stream', 'a compaction is not streamed');
  const targets = servingTargets(options, request.model);
  const isOwn = (target: Target): boolean =>
    compactPathOf(target, selectEndpoint(target, exchange.codec.id)) !== undefined;
  if (targets?.every(isOwn) === true) {
    const { needsProvider, credentialId } = turn;
    const state = { needsProvider, credentialId, attempting: () => undefined };
    options.pipeline.handle({ ...exchange, body: body.bytes, scanned: body, state });
    return;
  }
  summarize(options, turn, (summary) => {
    const users = inputOf(turn).filter((item) => item['role'] === 'user');
    const output = [
      ...users.map((item) => outputMessage(item, options)),
      compactionItem(options.newId('cmp_'), summary.text),
    ];
    const created = Math.floor(options.clock.now() / 1000);
    const answer = { id: options.newId('resp_'), object: 'response.compaction', created_at: created, output };
    sendJson(exchange.reply, { ...answer, usage: summary.usage }, exchange.requestId);
  });
}

/** A request that ends in a `compaction_trigger`: answered with a compaction item. */
export function answerTrigger(options: TurnOptions, turn: Turn): void {
  const { exchange, request } = turn;
  summarize(options, turn, (summary) => {
    const item = compactionItem(options.newId('cmp_'), summary.text);
    const createdS = Math.floor(options.clock.now() / 1000);
    const response = compactionResponse(options.newId('resp_'), createdS, request, item, summary.usage);
    if (request.stream) sendStream(exchange.reply, responseEvents(response, -1), exchange.requestId);
    else sendJson(exchange.reply, response, exchange.requestId);
    if (!request.store) return;
    void options.archive.save({
      owner: exchange.principal ?? '',
      previousId: undefined,
      credentialId: undefined,
      model: request.model,
      createdAtMs: options.clock.now(),
      request: turn.body.bytes,
      answer: Buffer.from(JSON.stringify(response)),
    });
  });
}

/** Asks the model for a summary; a refusal goes to the client as it is. */
function summarize(options: TurnOptions, turn: Turn, done: (summary: Summary) => void): void {
  const { exchange, needsProvider } = turn;
  if (needsProvider === 'previous_response_id') throw previousResponseNotFound('no such response is stored');
  if (needsProvider === 'conversation') throw invalidRequest('conversation', 'only input can be summed up here');
  const collected = new BackgroundReply((answer, status) => {
    if (exchange.reply.closed) return;
    try {
      if (status === 200) done(readSummary(answer));
      else if (status === 0) throw new ProxyError('upstream_stream_truncated', 'the summary broke off');
      else passOn(turn, status, collected.headers, answer);
    } catch (thrown) {
      sendError(exchange, toProxyError(thrown));
    }
  });
  exchange.reply.onClose(() => collected.close());
  const body = summaryRequest(turn);
  const { state: _state, ...plain } = exchange;
  options.pipeline.handle({ ...plain, operation: 'generate', body: body.bytes, scanned: body, reply: collected });
}

function summaryRequest(turn: Turn): Turn['body'] {
  const removed = turn.body.members.map((member) => member.key).filter((key) => !KEPT.has(key));
  const items = inputOf(turn).filter((item) => item['type'] !== 'compaction_trigger');
  const question = { type: 'message', role: 'user', content: [{ type: 'input_text', text: PROMPT }] };
  const hasTools = rawMember(turn.body, 'tools') !== undefined;
  const set = { input: JSON.stringify([...items, question]), store: 'false' };
  return editBody(
    turn.body,
    hasTools ? { ...set, tool_choice: '"none"' } : set,
    removed.filter((key) => key !== 'input'),
  );
}

function inputOf({ body }: Turn): readonly JsonObject[] {
  const raw = rawMember(body, 'input');
  if (raw === undefined) return [];
  const value: JsonValue = JSON.parse(raw.toString('utf8'));
  return inputItems(value);
}

function readSummary(answer: Buffer): Summary {
  const response = parseJsonObject(answer.toString('utf8'));
  const texts = outputOf(response ?? {}).flatMap((item) => {
    const content = item['type'] === 'message' ? item['content'] : undefined;
    return isJsonArray(content) ? content.map(textOf) : [];
  });
  const text = texts.join('').trim();
  if (text === '') throw new ProxyError('upstream_invalid_response', 'the model wrote no summary');
  return { text, usage: response?.['usage'] ?? null };
}

function textOf(part: JsonValue): string {
  const text = typeof part === 'object' && part !== null && !isJsonArray(part) ? part['text'] : undefined;
  return typeof text === 'string' ? text : '';
}

function outputMessage(item: JsonObject, options: TurnOptions): JsonObject {
  const content = item['content'];
  return {
    ...item,
    id: item['id'] ?? options.newId('msg_'),
    type: 'message',
    status: 'completed',
    content: typeof content === 'string' ? [{ type: 'input_text', text: content }] : content,
  };
}

function passOn({ exchange }: Turn, status: number, headers: Record<string, string>, body: Buffer): void {
  exchange.reply.head(status, headers);
  exchange.reply.end(body);
}
