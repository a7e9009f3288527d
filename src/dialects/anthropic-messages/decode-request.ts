import { invalidRequest } from '../../errors.ts';
import {
  decodeSignature,
  type Extensions,
  type GenerationRequest,
  type JsonObject,
  type Message,
  type MutableJsonObject,
  type OutputFormat,
  type Part,
  type Role,
  type Sampling,
} from '../../ir/index.ts';
import {
  field,
  readArray,
  readBoolean,
  readNumber,
  readObject,
  readString,
  requireArray,
  requireObjectValue,
  requireString,
  unknownFields,
} from '../../ir/read.ts';
import type { DecodeRequestContext } from '../codec.ts';
import { contentBlocks, decodeBlock } from './decode-parts.ts';
import { decodeReasoning } from './decode-reasoning.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import { decodeCarrier } from './signature-carrier.ts';
import { DIALECT } from './wire.ts';

const KNOWN_FIELDS = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'output_format',
  'stop_sequences',
  'temperature',
  'top_p',
  'top_k',
  'max_tokens',
  'metadata',
  'service_tier',
  'stream',
]);

/** A Claude Messages body -> generation request. https://docs.anthropic.com/en/api/messages */
export function decodeRequest(body: JsonObject, context: DecodeRequestContext): GenerationRequest {
  refuseThread(body);
  const outputConfig = readObject(body, 'output_config', '') ?? {};
  const { reasoning, consumedEffort } = decodeReasoning(body, outputConfig);
  const output = decodeOutput(body, outputConfig);
  const metadata = readObject(body, 'metadata', '') ?? {};
  const user = readString(metadata, 'user_id', 'metadata');
  // `speed` stays among the extensions for Claude itself; others sell faster answers as a tier.
  const fast = readString(body, 'speed', '') === 'fast' ? 'priority' : undefined;
  const serviceTier = readString(body, 'service_tier', '') ?? fast;
  const tools = decodeTools(body);
  return {
    model: context.model ?? requireString(body, 'model', ''),
    stream: context.stream ?? readBoolean(body, 'stream', '') ?? false,
    messages: [...decodeSystem(body), ...decodeMessages(body)],
    tools,
    ...decodeToolChoice(body, tools),
    ...(output && { output }),
    ...(reasoning && { reasoning }),
    sampling: decodeSampling(body),
    ...(user !== undefined && { user }),
    ...(serviceTier !== undefined && { serviceTier }),
    extensions: decodeExtensions(body, outputConfig, metadata, {
      consumedEffort,
      consumedFormat: output !== undefined,
    }),
  };
}

/**
 * `thread` asks the server to keep the conversation (`create`) or to go on with one that it keeps (`continue`, which
 * sends the last turn only). A request that gets here goes to no server that does: answering a `create` would promise
 * a memory, and a `continue` without its history would be answered with nonsense. The SDKs send it all when refused.
 */
function refuseThread(body: JsonObject): void {
  if (field(body, 'thread') === undefined) return;
  throw invalidRequest('thread', 'conversations stored by the server are not supported here; send the whole history');
}

function decodeSystem(body: JsonObject): Message[] {
  const system = field(body, 'system');
  if (system === undefined) return [];
  const content = contentBlocks(system, 'system').map(({ block, path }) =>
    decodeBlock(block, path, (text) => decodeSignature(text, DIALECT)),
  );
  return content.length === 0 ? [] : [{ role: 'system', content, path: 'system' }];
}

function decodeMessages(body: JsonObject): Message[] {
  return requireArray(body, 'messages', '').map((value, index) => {
    const path = `messages[${index}]`;
    const message = requireObjectValue(value, path);
    const role = decodeRole(requireString(message, 'role', path), path);
    return { role, content: decodeContent(message, path), path };
  });
}

function decodeRole(role: string, path: string): Role {
  if (role === 'user' || role === 'assistant' || role === 'system') return role;
  throw invalidRequest(`${path}.role`, 'must be user, assistant or system');
}

function decodeContent(message: JsonObject, path: string): Part[] {
  const parts: Part[] = [];
  let carried: ReturnType<typeof decodeCarrier>;
  for (const { block, path: blockPath } of contentBlocks(field(message, 'content'), `${path}.content`)) {
    const carrier = block['type'] === 'thinking' && decodeCarrier(readString(block, 'signature', blockPath) ?? '');
    if (carrier) {
      parts.push(...signedNothing(carried));
      carried = carrier;
      continue;
    }
    const part = decodeBlock(block, blockPath, (text) => decodeSignature(text, DIALECT));
    const signed = part.type === 'tool-call' || part.type === 'text';
    if (!signed) parts.push(...signedNothing(carried));
    parts.push(signed && carried ? { ...part, signature: carried } : part);
    carried = undefined;
  }
  return [...parts, ...signedNothing(carried)];
}

/** A signature without a block to go with: its maker gave it with an empty text. */
function signedNothing(signature: ReturnType<typeof decodeCarrier>): Part[] {
  return signature === undefined ? [] : [{ type: 'text', text: '', signature }];
}

function decodeOutput(body: JsonObject, outputConfig: JsonObject): OutputFormat | undefined {
  // `output_format` is the older beta spelling of `output_config.format`.
  const inConfig = readObject(outputConfig, 'format', 'output_config');
  const format = inConfig ?? readObject(body, 'output_format', '');
  if (format?.['type'] !== 'json_schema') return undefined;
  const path = inConfig ? 'output_config.format' : 'output_format';
  return { type: 'json-schema', schema: requireObjectValue(field(format, 'schema'), `${path}.schema`) };
}

function decodeSampling(body: JsonObject): Sampling {
  const maxOutputTokens = readNumber(body, 'max_tokens', '');
  const temperature = readNumber(body, 'temperature', '');
  const topP = readNumber(body, 'top_p', '');
  const topK = readNumber(body, 'top_k', '');
  const stop = readArray(body, 'stop_sequences', '')?.map((value, index) => {
    if (typeof value === 'string') return value;
    throw invalidRequest(`stop_sequences[${index}]`, 'must be a string');
  });
  return {
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(stop && stop.length > 0 && { stop }),
  };
}

function decodeExtensions(
  body: JsonObject,
  outputConfig: JsonObject,
  metadata: JsonObject,
  consumed: { readonly consumedEffort: boolean; readonly consumedFormat: boolean },
): Extensions {
  const extra: MutableJsonObject = { ...unknownFields(body, KNOWN_FIELDS) };
  const knownConfig = new Set<string>();
  if (consumed.consumedEffort) knownConfig.add('effort');
  if (consumed.consumedFormat) knownConfig.add('format');
  const restOfConfig = unknownFields(outputConfig, knownConfig);
  if (restOfConfig) extra['output_config'] = restOfConfig;
  const restOfMetadata = unknownFields(metadata, new Set(['user_id']));
  if (restOfMetadata) extra['metadata'] = restOfMetadata;
  return Object.keys(extra).length === 0 ? {} : { [DIALECT]: extra };
}
