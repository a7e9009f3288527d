import { z } from 'zod';
import { field, headerText, object, proxyUrl, type Shape } from './field.ts';
import {
  type EntryBase,
  entryBaseShape,
  type KeyEntry,
  keyEntries,
  keyShape,
  requiredBaseUrl,
  weight,
} from './key-entry.ts';

/** One key of a compatible server. */
export interface CompatibilityKey {
  readonly 'api-key': string;
  readonly weight: number;
  readonly 'proxy-url': string;
}

/** A server that speaks OpenAI Chat. */
export interface CompatibilityEntry extends EntryBase {
  readonly name: string;
  readonly disabled: boolean;
  readonly 'support-prompt-cache-key': boolean;
  readonly 'api-key-entries': readonly CompatibilityKey[];
}

/** A key of a provider whose Responses API also takes WebSockets. */
export interface SocketKeyEntry extends KeyEntry {
  readonly websockets: boolean;
}

/** A key of a server that speaks Claude's dialect. */
export interface ClaudeKeyEntry extends KeyEntry {
  readonly 'rebuild-mid-system-message': boolean;
}

/** Sections that list API keys, one per provider. */
export interface KeySections {
  readonly 'gemini-api-key': readonly KeyEntry[];
  readonly 'claude-api-key': readonly ClaudeKeyEntry[];
  readonly 'codex-api-key': readonly SocketKeyEntry[];
  readonly 'xai-api-key': readonly SocketKeyEntry[];
  readonly 'vertex-api-key': readonly KeyEntry[];
  readonly 'interactions-api-key': readonly KeyEntry[];
}

/** Key sections and compatible servers. */
export interface ProviderKeysConfig extends KeySections {
  readonly 'openai-compatibility': readonly CompatibilityEntry[];
}

const websockets = field(
  z.boolean().default(false),
  'now',
  "Requests from a client's Responses WebSocket go on over one of the provider's.",
);
const alphaSearch = { 'alpha-search': field(z.boolean().default(false), 'later', 'Serve /v1/alpha/search.') };

function socketKeyEntries(baseUrl: string): z.ZodType<SocketKeyEntry[]> {
  const shape: Shape<SocketKeyEntry> = {
    ...keyShape,
    'base-url': requiredBaseUrl(baseUrl, 'Where the provider is, with the version path; required.'),
    websockets,
  };
  return z.array(object<SocketKeyEntry>(shape, alphaSearch)).default([]);
}

function claudeKeyEntries(): z.ZodType<ClaudeKeyEntry[]> {
  const shape: Shape<ClaudeKeyEntry> = {
    ...keyShape,
    'rebuild-mid-system-message': field(
      z.boolean().default(false),
      'now',
      'Messages of role system amid a conversation go to the top-level system, for servers that refuse them.',
    ),
  };
  return z.array(object<ClaudeKeyEntry>(shape, claudeDisguise)).default([]);
}

const claudeDisguise: Readonly<Record<string, z.ZodType>> = {
  cloak: field(z.unknown().optional(), 'never', 'Disguise of requests.'),
  'fingerprint-profile': field(z.string().default(''), 'never', 'Fingerprint of another client.'),
  'experimental-cch-signing': field(z.boolean().default(false), 'never', 'Signature of another client.'),
};

const compatibilityKey: z.ZodType<CompatibilityKey> = object<CompatibilityKey>(
  {
    'api-key': field(headerText().default(''), 'now', 'The key.', { example: 'your-provider-key' }),
    weight: field(weight, 'now', 'Share of the requests when credentials are weighted.'),
    'proxy-url': field(proxyUrl(), 'now', 'Proxy of this key; direct or none: no proxy.'),
  },
  { 'token-file': field(z.string().default(''), 'later', 'File that holds the key.') },
);

const compatibility: z.ZodType<CompatibilityEntry> = object<CompatibilityEntry>(
  {
    name: field(z.string().trim().min(1, { error: 'expected a name' }), 'now', 'Name of the server.', {
      example: 'local',
    }),
    disabled: field(z.boolean().default(false), 'now', 'Keep the entry, do not use it.'),
    'support-prompt-cache-key': field(
      z.boolean().default(false),
      'now',
      'The server takes prompt_cache_key: a derived one is sent where the client gave none.',
    ),
    'api-key-entries': field(z.array(compatibilityKey).default([]), 'now', 'Its keys; none: the server needs no key.'),
    ...entryBaseShape,
    'base-url': requiredBaseUrl('http://127.0.0.1:8080/v1', 'Where the server is, with the version path; required.'),
  },
  {
    'models-endpoint': field(z.string().default(''), 'later', 'Where the server lists its models.'),
    'api-keys': field(z.unknown().optional(), 'never', 'Keys of old files.', {
      note: 'has no effect: use api-key-entries',
    }),
  },
);

/** Key sections and compatible servers. */
export const providerKeysShape: Shape<ProviderKeysConfig> = {
  'gemini-api-key': field(keyEntries(), 'now', 'Gemini keys; base-url without version path.'),
  'claude-api-key': field(claudeKeyEntries(), 'now', 'Claude keys; base-url without version path.'),
  'codex-api-key': field(
    socketKeyEntries('https://api.openai.com/v1'),
    'now',
    'Keys of servers with the Responses API; base-url is required and includes the version path.',
  ),
  'xai-api-key': field(
    socketKeyEntries('https://api.x.ai/v1'),
    'now',
    'xAI keys; base-url is required and includes the version path.',
  ),
  'vertex-api-key': field(keyEntries(), 'now', 'Vertex AI keys.'),
  'interactions-api-key': field(keyEntries(), 'later', 'Keys of the Gemini Interactions API.'),
  'openai-compatibility': field(
    z.array(compatibility).default([]),
    'now',
    'Servers that speak OpenAI Chat: llama.cpp, vLLM, Ollama, any vendor.',
  ),
};
