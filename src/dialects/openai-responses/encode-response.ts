/** Generation response -> Responses response. https://platform.openai.com/docs/api-reference/responses/object */
import { unwrapCustomInput } from '../../ir/custom-tool.ts';
import { countCharacters, toldUsage } from '../../ir/estimated-usage.ts';
import type {
  Candidate,
  Encoded,
  GenerationResponse,
  JsonObject,
  JsonValue,
  Part,
  ServerToolPart,
  TextPart,
  ToolCallPart,
  TranslationWarning,
} from '../../ir/index.ts';
import { joinServerTools } from '../../ir/server-tool.ts';
import type { ReplyContext } from '../codec.ts';
import { encodeAnnotations, losesCitations } from './annotations.ts';
import {
  callItem,
  carrierItem,
  createIds,
  imageItem,
  messageItem,
  type ResponseIds,
  reasoningItem,
  refusalPart,
  textPart,
} from './output-items.ts';
import { createHead, finishedResponse, finishedState } from './response-object.ts';
import { serverToolItem, serverToolPrefix } from './server-tools.ts';
import { createToolNames, type ToolNames } from './tool-names.ts';
import { DIALECT } from './wire.ts';

/** Reasons for what whole answers and streams lose alike. */
export const ONE_ANSWER = 'the Responses API has one answer only; the first was kept';
export const noForm = (type: string): string => `the Responses API cannot answer with this ${type}`;
export const foreignCitations = (dialect: string): string => `citations of ${dialect} without a URL have no form here`;

/** Writes a whole answer. */
export function encodeResponse(response: GenerationResponse, context: ReplyContext): Encoded<JsonObject> {
  const ids = createIds(response.id, context.newId);
  const warnings: TranslationWarning[] = [];
  const [candidate] = response.candidates;
  if (response.candidates.length > 1) {
    warnings.push({ path: 'candidates', reason: ONE_ANSWER });
  }
  const output =
    candidate === undefined ? [] : encodeOutput(candidate, ids, createToolNames(context.request.tools), warnings);
  const head = createHead(ids.response, context, response);
  const refused = candidate?.content.some((part) => part.type === 'refusal') ?? false;
  const state = finishedState(candidate?.finishReason ?? 'stop', refused);
  const usage =
    output.length === 0
      ? response.usage
      : toldUsage(response.usage, context.request, countCharacters(candidate?.content ?? []));
  return { value: finishedResponse(head, state, output, usage), warnings };
}

function encodeOutput(
  candidate: Candidate,
  ids: ResponseIds,
  names: ToolNames,
  warnings: TranslationWarning[],
): JsonObject[] {
  const output: JsonObject[] = [];
  let message: JsonObject[] | undefined;
  let logprobs = candidate.logprobs ?? [];
  for (const [index, part] of joinServerTools(candidate.content).entries()) {
    if (part === undefined) continue;
    if (part.type === 'text' || part.type === 'refusal') {
      if (message === undefined) {
        message = [];
        output.push(messageItem(ids.item('msg', output.length), 'completed', message));
      }
      if (part.type === 'refusal') message.push(refusalPart(part.text));
      else message.push(textPart(part.text, annotations(part, `candidates[0].content[${index}]`, warnings), logprobs));
      logprobs = [];
      if (part.type !== 'text' || part.signature === undefined || part.signature.origin === DIALECT) continue;
      output.push(carrierItem(ids.item('rs', output.length), part.signature, undefined));
    } else {
      const items = encodeItem(part, output.length, ids, names);
      if (items.length === 0) {
        warnings.push({
          path: `candidates[0].content[${index}]`,
          reason: noForm(part.type),
        });
      }
      output.push(...items);
    }
    message = undefined;
  }
  return output;
}

function annotations(part: TextPart, path: string, warnings: TranslationWarning[]): readonly JsonValue[] {
  const { citations } = part;
  if (citations !== undefined && losesCitations(citations.dialect, citations.sources)) {
    warnings.push({ path: `${path}.citations`, reason: foreignCitations(citations.dialect) });
  }
  return encodeAnnotations(part);
}

function encodeItem(
  part: Exclude<Part, { type: 'text' | 'refusal' }>,
  index: number,
  ids: ResponseIds,
  names: ToolNames,
): JsonObject[] {
  switch (part.type) {
    case 'reasoning': {
      const id = part.id?.startsWith('rs_') ? part.id : ids.item('rs', index);
      return [reasoningItem(id, part.text, part.signature, part.redacted)];
    }
    case 'tool-call':
      return encodeCall(part, index, ids, names);
    case 'media': {
      const item = imageItem(ids.item('ig', index), part);
      return item === undefined ? [] : [item];
    }
    case 'server-tool':
      return encodeServerTool(part, ids.item(serverToolPrefix(part), index));
    case 'opaque':
      return part.dialect === DIALECT ? [part.value] : [];
    case 'tool-result':
      return [];
  }
}

function encodeServerTool(part: ServerToolPart, id: string): JsonObject[] {
  const item = part.origin === DIALECT ? part.value : serverToolItem(part, id, 'completed');
  return item === undefined ? [] : [item];
}

function encodeCall(part: ToolCallPart, index: number, ids: ResponseIds, names: ToolNames): JsonObject[] {
  const declaredCustom = names.isCustom(part.name);
  const custom = part.kind === 'custom' || declaredCustom;
  const identity = {
    id: ids.item(custom ? 'ctc' : 'fc', index),
    callId: part.id === '' ? ids.item('call', index) : part.id,
    tool: names.wire(part.name),
    custom,
  };
  const input =
    part.kind === 'custom' ? part.arguments : custom ? unwrapCustomInput(part.arguments) : part.arguments || '{}';
  const call = callItem(identity, 'completed', input);
  if (part.signature === undefined || part.signature.origin === DIALECT) return [call];
  return [call, carrierItem(ids.item('rs', index + 1), part.signature, identity.callId)];
}
