import { z } from 'zod';
import type { ErrorRuleEntry } from '../../credentials/error-rule.ts';
import { scopedErrors } from './error-rules.ts';
import { field, headerMap, headerText, object, proxyUrl, type Shape, textList, whole } from './field.ts';
import { weight } from './key-entry.ts';
import { type RateLimitsEntry, rateLimits } from './limits.ts';

/** A model of a `providers` entry. */
export interface ProviderModel {
  readonly name: string;
  readonly alias: string;
  readonly enabled: boolean;
  readonly 'max-tokens'?: number | undefined;
  readonly 'supports-functions'?: boolean | undefined;
}

/** One entry of the `providers` map. */
export interface ProviderEntry {
  readonly type: string;
  readonly enabled: boolean;
  readonly 'auth-type': 'api_key' | 'none' | 'oauth' | 'device_flow' | 'oauth_device_flow';
  readonly endpoint: string;
  readonly 'api-key': string;
  readonly 'api-keys': readonly string[];
  readonly models: readonly ProviderModel[];
  readonly 'model-mappings': Readonly<Record<string, string>>;
  readonly 'excluded-models': readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly prefix: string;
  readonly 'proxy-url': string;
  readonly priority: number;
  readonly weight: number;
  readonly 'disable-cooling'?: boolean | undefined;
  readonly 'request-retry'?: number | undefined;
  readonly 'request-scoped-errors': readonly ErrorRuleEntry[];
  readonly limits?: RateLimitsEntry | undefined;
}

/** The `providers` map. */
export interface ProvidersConfig {
  readonly providers: Readonly<Record<string, ProviderEntry>>;
}

const model: z.ZodType<ProviderModel> = object<ProviderModel>(
  {
    name: field(z.string().trim().min(1, { error: 'expected a name' }), 'now', "The provider's name of the model."),
    alias: field(z.string().trim().default(''), 'now', 'The name for clients; empty: the same.'),
    enabled: field(z.boolean().default(true), 'now', 'Serve the model.'),
    'max-tokens': field(whole(0, 1_000_000_000).optional(), 'now', 'Context length, in tokens.'),
    'supports-functions': field(z.boolean().optional(), 'now', 'The model calls tools.'),
  },
  { 'supports-streaming': field(z.boolean().default(true), 'later', 'The model streams.') },
);

const features = z.record(z.string(), z.boolean());
const entryShape: Shape<ProviderEntry> = {
  type: field(z.string().trim().default(''), 'now', 'Which provider it is; empty: the name of the entry.'),
  enabled: field(z.boolean().default(true), 'now', 'false: the provider is not used at all.'),
  'auth-type': field(
    z.enum(['api_key', 'none', 'oauth', 'device_flow', 'oauth_device_flow']).default('api_key'),
    'now',
    'api_key or none; accounts (oauth, device_flow) come later.',
  ),
  endpoint: field(z.string().trim().default(''), 'now', "Where the provider is; empty: the provider's own address."),
  'api-key': field(headerText().default(''), 'now', "The key; empty: the provider's environment variable."),
  'api-keys': field(textList(headerText()), 'now', 'Several keys.'),
  models: field(z.array(model).default([]), 'now', "Models; without any, the provider's catalogue."),
  'model-mappings': field(
    z.record(z.string(), z.string()).default({}),
    'now',
    'Name for clients: name of the provider.',
  ),
  'excluded-models': field(textList(), 'now', 'Models that are not served; * stands for any text.'),
  headers: field(headerMap(), 'now', 'Sent with every request.'),
  prefix: field(z.string().default(''), 'now', 'Clients may ask for prefix/model.'),
  'proxy-url': field(proxyUrl(), 'now', 'Proxy of this provider; direct or none: no proxy.'),
  priority: field(z.number().int().default(0), 'now', 'Credentials with a higher number are used first.'),
  weight: field(weight, 'now', 'Share of the requests when credentials are weighted.'),
  'disable-cooling': field(z.boolean().optional(), 'now', 'Overrides the global disable-cooling.'),
  'request-retry': field(z.number().int().optional(), 'now', 'Overrides the global request-retry.'),
  'request-scoped-errors': field(
    scopedErrors,
    'now',
    'Rules that say what an error means; the first that matches decides.',
  ),
  limits: field(rateLimits.optional(), 'now', 'Limits of this entry, all its keys together.'),
};

const entry: z.ZodType<ProviderEntry> = object<ProviderEntry>(entryShape, {
  name: field(z.string().default(''), 'later', 'Name for people.'),
  features: field(features.optional(), 'later', 'streaming, functions, vision, code_generation, multimodal.'),
  cooldown: field(
    z.union([z.number(), z.string(), z.record(z.string(), z.unknown())]).optional(),
    'later',
    'Pause after a failure.',
  ),
});

/** The `providers` map; its keys may be written in snake_case or kebab-case. */
export const providersShape: Shape<ProvidersConfig> = {
  providers: field(z.record(z.string(), entry).default({}), 'now', 'Providers by name.', {
    example: {
      'my-server': {
        type: 'custom',
        endpoint: 'http://127.0.0.1:8080/v1',
        'api-key': 'your-provider-key',
        'model-mappings': { 'name-for-clients': 'name-of-the-server' },
      },
    },
  }),
};
