import { isJsonObject, type JsonObject, type JsonValue, type ReasoningConfig, type Warn } from '../../ir/index.ts';
import { unknownFields } from '../../ir/read.ts';
import type { EncodeTarget, ReasoningSettings } from '../codec.ts';
import { decodeThinking } from './decode-config.ts';
import { encodeThinking } from './encode-reasoning.ts';
import { camelKeys, definedFields, objectOf } from './wire.ts';

const SETTINGS: ReadonlySet<string> = new Set(['thinkingLevel', 'thinkingBudget', 'includeThoughts']);

/** `generationConfig.thinkingConfig` of a body. */
export const reasoningSettings: ReasoningSettings = {
  family: 'google',
  members: ['generationConfig', 'generation_config'],
  read(members) {
    const thinking = thinkingOf(members);
    return thinking && decodeThinking(thinking).config;
  },
  // A word of other APIs; here it is a budget of -1.
  mustWrite: (members) => String(thinkingOf(members)?.['thinkingLevel']).toLowerCase() === 'auto',
  write,
};

function thinkingOf(members: JsonObject): JsonObject | undefined {
  const config = objectOf(camelKeys(members), 'generationConfig');
  return config && objectOf(config, 'thinkingConfig');
}

function write(
  body: JsonObject,
  reasoning: ReasoningConfig | undefined,
  target: EncodeTarget,
  warn: Warn,
): Readonly<Record<string, JsonValue | undefined>> {
  const name = isJsonObject(body['generation_config']) ? 'generation_config' : 'generationConfig';
  const config = objectOf(body, name) ?? {};
  const thinking = objectOf(config, 'thinkingConfig') ?? {};
  const { includeThoughts, ...written } = encodeThinking(reasoning, target, warn) ?? {};
  // Thoughts are shown to those who asked for them, and to nobody else.
  const shown = includeThoughts !== undefined && typeof thinking['includeThoughts'] === 'boolean';
  const thinkingConfig = definedFields({
    ...unknownFields(thinking, SETTINGS),
    ...written,
    ...(shown ? { includeThoughts } : {}),
  });
  return { [name]: definedFields({ ...config, thinkingConfig }) };
}
