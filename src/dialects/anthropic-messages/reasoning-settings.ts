import { invalidRequest } from '../../errors.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
  type ReasoningConfig,
  type Warn,
} from '../../ir/index.ts';
import { isJsonArray, readNumber, readObject } from '../../ir/read.ts';
import type { EncodeTarget, ReasoningSettings } from '../codec.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { endsInUnsignedToolTurn, planThinking, warnRaised } from './encode-reasoning.ts';
import { encodeSampling } from './encode-sampling.ts';

/** `thinking` and `output_config.effort` of a body, and what else has to change with them. */
export const reasoningSettings: ReasoningSettings = {
  family: 'anthropic',
  canAlwaysStop: true,
  members: ['thinking'],
  alongside: ['output_config', 'tool_choice', 'max_tokens'],
  read,
  mustWrite: (members) => isUnfit(members) || (isThinking(members) && isForced(members)),
  write,
};

/** Effort without thinking is no wish to think: it stays what it is. */
function read(members: JsonObject): ReasoningConfig | undefined {
  if (!isJsonObject(members['thinking'])) return undefined;
  const outputConfig = readObject(members, 'output_config', '') ?? {};
  return decodeReasoning(members, outputConfig).reasoning;
}

/** `enabled` without a budget, which only the proxy takes, or with one that leaves no room for the answer. */
function isUnfit({ thinking, max_tokens: maxTokens }: JsonObject): boolean {
  if (!isJsonObject(thinking) || thinking['type'] !== 'enabled') return false;
  const budget = thinking['budget_tokens'] ?? -1;
  if (typeof budget !== 'number') return false;
  return budget <= 0 || (typeof maxTokens === 'number' && budget >= maxTokens);
}

function isThinking({ thinking }: JsonObject): boolean {
  return isJsonObject(thinking) && thinking['type'] !== 'disabled';
}

function isForced({ tool_choice: choice }: JsonObject): boolean {
  return isJsonObject(choice) && (choice['type'] === 'any' || choice['type'] === 'tool');
}

function write(
  body: JsonObject,
  reasoning: ReasoningConfig | undefined,
  target: EncodeTarget,
  warn: Warn,
): Readonly<Record<string, JsonValue | undefined>> {
  const maxTokens = readNumber(body, 'max_tokens', '');
  if (maxTokens === undefined) throw invalidRequest('max_tokens', 'is required');
  const plan = planThinking(
    reasoning,
    { target, maxTokens, forcedTool: isForced(body), unsignedToolTurn: endsInUnsignedToolTurn(turns(body)) },
    warn,
  );
  warnRaised(maxTokens, plan, warn);
  const { effort: _, ...rest } = objectAt(body, 'output_config');
  const outputConfig = { ...rest, ...(plan.effort !== undefined && { effort: plan.effort }) };
  return {
    thinking: plan.thinking,
    output_config: Object.keys(outputConfig).length === 0 ? undefined : outputConfig,
    ...(plan.maxTokens === maxTokens ? {} : { max_tokens: plan.maxTokens }),
    ...(plan.active ? thinkingSampling(body, warn) : {}),
  };
}

/** The sampling parameters that Claude refuses while it thinks, as to be left out. */
function thinkingSampling(body: JsonObject, warn: Warn): MutableJsonObject {
  const lost: MutableJsonObject = {};
  const fields = [
    ['temperature', 'temperature'],
    ['topP', 'top_p'],
    ['topK', 'top_k'],
  ] as const;
  const sampling = Object.fromEntries(
    fields.flatMap(([name, key]) => {
      const value = readNumber(body, key, '');
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const kept = encodeSampling({ sampling }, true, warn);
  for (const [, key] of fields) if (body[key] !== undefined && kept[key] === undefined) lost[key] = undefined;
  return lost;
}

function turns(body: JsonObject): { readonly role: string; readonly content: readonly JsonObject[] }[] {
  const { messages } = body;
  if (!isJsonArray(messages)) return [];
  return messages.filter(isJsonObject).map(({ role, content }) => ({
    role: String(role),
    content: isJsonArray(content) ? content.filter(isJsonObject) : [],
  }));
}

function objectAt(body: JsonObject, key: string): JsonObject {
  const value = body[key];
  return isJsonObject(value) ? value : {};
}
