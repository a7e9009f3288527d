import { isJsonObject, type JsonObject, type JsonValue, type ReasoningConfig, type Warn } from '../../ir/index.ts';
import { readObject, unknownFields } from '../../ir/read.ts';
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
    const config = readObject(camelKeys(members), 'generationConfig', '');
    const thinking = config && readObject(camelKeys(config), 'thinkingConfig', 'generationConfig');
    return thinking && decodeThinking(camelKeys(thinking)).config;
  },
  write,
};

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
