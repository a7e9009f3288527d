import {
  collectWarnings,
  type Encoded,
  foreignExtensionWarnings,
  type GenerationRequest,
  type JsonObject,
  type Message,
  type Tool,
  type Warn,
} from '../../ir/index.ts';
import { withoutRejected } from '../../ir/rejected-fields.ts';
import { withWireToolNames } from '../../ir/tool-name-map.ts';
import { repairToolTurns, withUniqueCallIds } from '../../ir/tool-turns.ts';
import type { EncodeTarget } from '../codec.ts';
import { settingsInWords } from './encode-instructions.ts';
import { encodeFormerTools, encodeTools, kiroToolNames } from './encode-tools.ts';
import { encodeTurns, instructionTexts, type Turn } from './encode-turns.ts';
import { withWireIds } from './tool-ids.ts';
import { DIALECT } from './wire.ts';

/** Texts where the service demands some and there is none; models repeat longer ones of their own turns. */
const NO_ANSWER = '.';
const GO_ON = 'Continue';
const RESULTS_ONLY = 'Tool results provided.';
const IMAGES_ONLY = 'Images provided.';

const isInstruction = ({ role }: Message): boolean => role === 'system' || role === 'developer';

/** Generation request -> generateAssistantResponse body, without what the account says: profile, origin, conversation. */
export function encodeRequest(original: GenerationRequest, target: EncodeTarget): Encoded<JsonObject> {
  const { warnings, warn } = collectWarnings();
  const request = withWireToolNames(original, kiroToolNames(original));
  const offered = offeredTools(request);
  const tools = encodeTools(offered, warn);
  const words = settingsInWords(request, tools.length === 0 ? [] : offered, target, warn);
  const known = [...tools, ...encodeFormerTools(offered, request.messages)];
  const turns = conversation(request.messages, words, warn);
  const history = turns.slice(0, -1).map((turn) => encodeTurn(turn, target.model, []));
  const current = turns.slice(-1).map((turn) => encodeTurn(turn, target.model, known))[0];
  const inferenceConfig = encodeSampling(request, warn);
  warnUnsupported(request, warn);
  warnings.push(...foreignExtensionWarnings(request, DIALECT));
  const body: JsonObject = {
    ...request.extensions[DIALECT],
    conversationState: {
      chatTriggerType: 'MANUAL',
      currentMessage: current,
      ...(history.length > 0 && { history }),
    },
    ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
  };
  return { value: withoutRejected(body, target.quirks.rejects, warn), warnings };
}

/** A choice among some of the tools is an offer of no others. */
function offeredTools({ tools, toolChoice }: GenerationRequest): readonly Tool[] {
  const names = toolChoice !== undefined && 'names' in toolChoice ? toolChoice.names : undefined;
  if (names === undefined || names.length === 0) return tools;
  return tools.filter((tool) => 'name' in tool && names.includes(tool.name));
}

/** Turns that alternate, from the user's first to the user's last; the instructions in front of the very first text. */
function conversation(messages: readonly Message[], words: readonly string[], warn: Warn): readonly Turn[] {
  const first = messages.findIndex((message) => !isInstruction(message));
  const [leading, rest] =
    first < 0
      ? [messages, []]
      : [messages.slice(0, first), withWireIds(withUniqueCallIds(repairToolTurns(messages.slice(first), warn)))];
  const instructions = [...instructionTexts(leading, warn), ...words].join('\n\n');
  const turns = encodeTurns(rest, warn);
  if (turns[0]?.role === 'assistant') turns.unshift(userTurn(instructions === '' ? GO_ON : ''));
  if (turns.at(-1)?.role !== 'user') turns.push(userTurn(turns.length === 0 ? '' : GO_ON));
  // With every request, as the service itself remembers none of them.
  if (instructions !== '') turns[0]?.texts.unshift(turns[0].texts.length === 0 ? instructions : marked(instructions));
  return turns;
}

function marked(instructions: string): string {
  return `<instructions>\n${instructions}\n</instructions>`;
}

function userTurn(text: string): Turn {
  return { role: 'user', texts: text === '' ? [] : [text], images: [], results: [], calls: [] };
}

function encodeTurn(turn: Turn, modelId: string, tools: readonly JsonObject[]): JsonObject {
  const content = turn.texts.length > 0 ? turn.texts.join('\n\n') : placeholder(turn);
  if (turn.role === 'assistant')
    return { assistantResponseMessage: { content, ...(turn.calls.length > 0 && { toolUses: turn.calls }) } };
  const context = {
    ...(tools.length > 0 && { tools }),
    ...(turn.results.length > 0 && { toolResults: turn.results }),
  };
  return {
    userInputMessage: {
      content,
      modelId,
      origin: 'AI_EDITOR',
      ...(turn.images.length > 0 && { images: turn.images }),
      ...(Object.keys(context).length > 0 && { userInputMessageContext: context }),
    },
  };
}

function placeholder({ role, results, images }: Turn): string {
  if (role === 'assistant') return NO_ANSWER;
  if (results.length > 0) return RESULTS_ONLY;
  return images.length > 0 ? IMAGES_ONLY : GO_ON;
}

function encodeSampling({ sampling }: GenerationRequest, warn: Warn): JsonObject {
  const { maxOutputTokens, temperature, topP, ...others } = sampling;
  for (const [name, value] of Object.entries(others)) {
    const says =
      name === 'candidateCount' ? value !== 1 : Boolean(value) && !(Array.isArray(value) && value.length === 0);
    if (says || (name === 'seed' && value === 0)) warn(`sampling.${name}`, 'Kiro has no such setting');
  }
  return {
    ...(maxOutputTokens !== undefined && { maxTokens: maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
  };
}

/** `user`, `metadata` and cache keys change nothing in the answer: they are left out silently. */
function warnUnsupported(request: GenerationRequest, warn: Warn): void {
  const tier = request.serviceTier;
  if (tier !== undefined && !['auto', 'default', 'standard', 'standard_only'].includes(tier))
    warn('serviceTier', 'Kiro has no service tiers');
  if (request.verbosity !== undefined && request.verbosity !== 'medium') warn('verbosity', 'Kiro has no such setting');
  if (request.store === true) warn('store', 'Kiro keeps no answers');
  if (request.modalities?.some((modality) => modality !== 'text')) warn('modalities', 'Kiro answers in text only');
}
