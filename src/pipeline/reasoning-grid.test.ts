/**
 * Every model of every catalogue x every level and budget x body or model name x every client dialect: what is sent is
 * what the model takes, or the answer is a 400 that says what it takes.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { createHarness, credential } from '../../test/support/pipeline-harness.ts';
import { codecs, upstreamCodecs } from '../dialects/index.ts';
import type { UpstreamCall } from '../executors/executor.ts';
import type { DialectId, JsonObject } from '../ir/index.ts';
import { isJsonObject } from '../ir/index.ts';
import { reasoningEfforts } from '../ir/reasoning-effort.ts';
import type { ModelInfo, ReasoningSupport } from '../models/model-info.ts';
import { supportOf } from '../models/reasoning.ts';
import { parseModelSuffix } from '../models/suffix.ts';
import { providers } from '../providers/index.ts';
import type { Manifest } from '../providers/provider.ts';
import { selectEndpoint } from '../routing/endpoint.ts';

const BUDGETS = [0, -1, 1, 512, 5000, 1_000_000];
const MAX_TOKENS = 4000;
const clients: readonly DialectId[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'];

const sent: UpstreamCall[] = [];
const harness = createHarness({
  codecs: upstreamCodecs,
  executor: {
    send(call) {
      sent.push(call);
      return { resume() {}, abort() {} };
    },
  },
});
afterAll(() => harness.close());

interface Wish {
  readonly name: string;
  readonly level?: string;
  readonly budget?: number;
}

const wishes: readonly Wish[] = [
  ...[...reasoningEfforts, 'auto'].map((level) => ({ name: level, level })),
  ...BUDGETS.map((budget) => ({ name: String(budget), budget })),
];

/** The body of a client that says so in its own words; undefined: its dialect has none for it. */
function bodyOf(client: DialectId, model: string, { level, budget }: Wish): JsonObject | undefined {
  switch (client) {
    case 'openai-chat': {
      const messages = [{ role: 'user', content: 'hi' }];
      if (budget !== undefined) return { model, messages, reasoning: { max_tokens: budget } };
      return { model, messages, ...(level !== undefined && { reasoning_effort: level }) };
    }
    case 'openai-responses':
      if (budget !== undefined || level === 'auto') return undefined;
      return { model, input: 'hi', ...(level !== undefined && { reasoning: { effort: level } }) };
    case 'anthropic-messages': {
      const rest = { model, max_tokens: MAX_TOKENS, messages: [{ role: 'user', content: 'hi' }] };
      if (budget !== undefined) return { ...rest, thinking: { type: 'enabled', budget_tokens: budget } };
      if (level === undefined) return rest;
      if (level === 'none') return { ...rest, thinking: { type: 'disabled' } };
      const adaptive = { ...rest, thinking: { type: 'adaptive' } };
      if (level === 'auto') return adaptive;
      return level === 'minimal' ? undefined : { ...adaptive, output_config: { effort: level } };
    }
    default: {
      const thinkingConfig = budget !== undefined ? { thinkingBudget: budget } : { thinkingLevel: level };
      const wish = budget === undefined && level === undefined ? {} : { generationConfig: { thinkingConfig } };
      return { contents: [{ role: 'user', parts: [{ text: 'hi' }] }], ...wish };
    }
  }
}

interface Outcome {
  readonly status: number;
  readonly text: string;
  readonly path: string;
  readonly body: JsonObject;
}

function ask(client: DialectId, manifest: Manifest, info: ModelInfo, name: string, body: JsonObject): Outcome {
  sent.length = 0;
  const { reasoning } = parseModelSuffix(name);
  const target = {
    credential: credential('c1', { parameters: { operation: 'op', origin: 'CLI', project: 'p', location: 'l' } }),
    provider: manifest,
    model: info.id,
    info,
    forceMapping: false,
    ...(reasoning !== undefined && { reasoning }),
  };
  harness.targets = [target];
  const codec = codecs.get(client);
  if (codec === undefined) throw new Error(client);
  const url = client === 'gemini' ? { urlModel: name, urlStream: false } : {};
  const reply = harness.begin({ codec, ...url }, body);
  const call = sent[0];
  if (call === undefined) return { status: reply.status, text: reply.text(), path: '', body: {} };
  return { status: 0, text: '', path: call.path, body: JSON.parse(String(call.body)) };
}

function objectAt(object: JsonObject, ...keys: readonly string[]): JsonObject {
  let at: JsonObject = object;
  for (const key of keys) {
    const next: unknown = at[key];
    at = isJsonObject(next) ? next : {};
  }
  return at;
}

/** What is wrong with the settings of a body, by the declaration alone; undefined: nothing. */
function fault(path: string, body: JsonObject, support: ReasoningSupport, mostOutput: number): string | undefined {
  if (path.includes('generateContent'))
    return geminiFault(objectAt(body, 'generationConfig', 'thinkingConfig'), support);
  if (path.endsWith('/messages')) return claudeFault(body, support, mostOutput);
  const effort = body['reasoning_effort'] ?? objectAt(body, 'reasoning')['effort'];
  if (objectAt(body, 'reasoning')['max_tokens'] !== undefined) return 'a budget';
  return effort === undefined ? undefined : levelFault(effort, support);
}

function levelFault(level: unknown, { levels = [], zeroAllowed }: ReasoningSupport): string | undefined {
  const known = (level === 'none' && zeroAllowed === true) || levels.some((one) => one === level);
  return known ? undefined : `level ${String(level)}`;
}

function rangeFault(tokens: unknown, { minBudget = 0, maxBudget = -1 }: ReasoningSupport): string | undefined {
  const inside = typeof tokens === 'number' && tokens >= minBudget && tokens <= maxBudget;
  return inside ? undefined : `budget ${String(tokens)}`;
}

function geminiFault(thinking: JsonObject, support: ReasoningSupport): string | undefined {
  const { thinkingLevel: level, thinkingBudget: budget, includeThoughts } = thinking;
  if (level !== undefined) return budget === undefined ? levelFault(level, support) : 'level and budget';
  if (budget === 0 && support.zeroAllowed === true)
    return includeThoughts === undefined ? undefined : 'thoughts of none';
  if (budget === -1) return support.dynamicAllowed === true ? undefined : 'no dynamic thinking';
  return budget === undefined ? undefined : rangeFault(budget, support);
}

function claudeFault(body: JsonObject, support: ReasoningSupport, mostOutput: number): string | undefined {
  const maxTokens = body['max_tokens'];
  if (typeof maxTokens !== 'number' || maxTokens > mostOutput) return `max_tokens ${String(maxTokens)}`;
  const { type, budget_tokens: budget } = objectAt(body, 'thinking');
  const effort = objectAt(body, 'output_config')['effort'];
  if (effort !== undefined && levelFault(effort, support) !== undefined) return `effort ${String(effort)}`;
  switch (type) {
    case undefined:
    case 'disabled':
      return effort === undefined ? undefined : 'effort without thinking';
    case 'adaptive':
      return (support.levels ?? []).length > 0 ? undefined : 'adaptive';
    default:
      return typeof budget === 'number' && budget < maxTokens
        ? rangeFault(budget, support)
        : `budget ${String(budget)}`;
  }
}

/** A refusal names everything that the model takes. */
function isTelling(text: string, { levels = [], minBudget = 0, maxBudget }: ReasoningSupport): boolean {
  const range = maxBudget === undefined ? [] : [`${minBudget} to ${maxBudget} tokens`];
  return [...levels, ...range].every((word) => text.includes(word));
}

function check(client: DialectId, manifest: Manifest, info: ModelInfo, name: string, wish: Wish): string[] {
  const { reasoning: support = {}, maxOutputTokens = Number.POSITIVE_INFINITY } = info;
  const body = bodyOf(client, name, wish);
  if (body === undefined) return [];
  const { status, text, path, body: upstream } = ask(client, manifest, info, name, body);
  const label = `${name} ${wish.name}: `;
  if (status === 0) {
    const wrong = fault(path, upstream, support, maxOutputTokens);
    return wrong === undefined ? [] : [`${label}${wrong} in ${JSON.stringify(upstream)}`];
  }
  const refusable = isSameFamily(client, manifest, info) && status === 400 && isTelling(text, support);
  return refusable ? [] : [`${label}${status} ${text}`];
}

/** Only a client of the model's own family can be refused; every other gets the nearest that there is. */
function isSameFamily(client: DialectId, provider: Manifest, info: ModelInfo): boolean {
  const { dialect } = selectEndpoint({ provider, info }, client);
  return codecs.get(client)?.reasoning?.family === (provider.reasoningFamily ?? codecs.get(dialect)?.reasoning?.family);
}

/** Those that take no settings too: nothing may reach them. */
const known = providers
  .filter((manifest) => manifest.createExecutor === undefined)
  .flatMap((manifest) =>
    manifest.models.filter((info) => supportOf(info) !== undefined).map((info) => ({ manifest, info })),
  );

test('the catalogues say how many models take reasoning settings', () => {
  expect(known.length).toBeGreaterThan(60);
});

describe.for(clients)('%s clients', (client) => {
  test('settings in the body', () => {
    expect(
      known.flatMap(({ manifest, info }) => wishes.flatMap((wish) => check(client, manifest, info, info.id, wish))),
    ).toEqual([]);
  });

  test('settings in the model name', () => {
    const wrong = known.flatMap(({ manifest, info }) =>
      wishes.flatMap(({ name }) => check(client, manifest, info, `${info.id}(${name})`, { name: 'plain' })),
    );
    expect(wrong).toEqual([]);
  });
});
