import { z } from 'zod';
import type { ErrorRuleEntry } from '../../credentials/error-rule.ts';
import { scopedErrors } from './error-rules.ts';
import { field, headerMap, headerText, object, proxyUrl, type Shape, textList, whole } from './field.ts';

/** Reasoning settings that a model takes. */
export interface ThinkingEntry {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly 'zero-allowed'?: boolean | undefined;
  readonly 'dynamic-allowed'?: boolean | undefined;
  readonly levels?: readonly string[] | undefined;
}

/** A model of a credential. */
export interface ModelEntry {
  readonly name: string;
  readonly alias: string;
  readonly 'display-name': string;
  readonly 'force-mapping': boolean;
  readonly 'max-context-length'?: number | undefined;
  readonly thinking?: ThinkingEntry | undefined;
  readonly 'input-modalities'?: readonly string[] | undefined;
  readonly 'is-compat': boolean;
}

/** What key entries and compatibility entries have in common. */
export interface EntryBase {
  readonly priority: number;
  readonly prefix: string;
  readonly 'base-url': string;
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly ModelEntry[];
  readonly 'disable-cooling'?: boolean | undefined;
  readonly 'request-retry'?: number | undefined;
  readonly 'request-scoped-errors': readonly ErrorRuleEntry[];
}

/** One API key of a provider. */
export interface KeyEntry extends EntryBase {
  readonly 'api-key': string;
  readonly weight: number;
  readonly 'proxy-url': string;
  readonly 'excluded-models': readonly string[];
}

const thinking: z.ZodType<ThinkingEntry> = object<ThinkingEntry>({
  min: field(whole(-1, 10_000_000).optional(), 'now', 'Smallest reasoning budget, in tokens.'),
  max: field(whole(-1, 10_000_000).optional(), 'now', 'Largest reasoning budget, in tokens.'),
  'zero-allowed': field(z.boolean().optional(), 'now', 'Reasoning can be switched off.'),
  'dynamic-allowed': field(z.boolean().optional(), 'now', 'The model can choose its own budget.'),
  levels: field(z.array(z.string()).optional(), 'now', 'Effort levels, e.g. low, medium, high.'),
});

const model: z.ZodType<ModelEntry> = object<ModelEntry>(
  {
    name: field(z.string().trim().default(''), 'now', "The provider's name of the model.", { example: 'your-model' }),
    alias: field(z.string().trim().default(''), 'now', 'The name for clients; empty: the same.'),
    'display-name': field(z.string().default(''), 'now', 'The name for people.'),
    'force-mapping': field(z.boolean().default(false), 'now', 'Answers carry the alias instead of the real name.'),
    'max-context-length': field(whole(0, 1_000_000_000).optional(), 'now', 'Context length, in tokens.'),
    thinking: field(thinking.optional(), 'now', 'Reasoning settings that the model takes.'),
    'input-modalities': field(z.array(z.string()).optional(), 'now', 'What the model reads: text, image, audio.'),
    'is-compat': field(z.boolean().default(false), 'now', 'The model takes reasoning without signatures back.'),
  },
  {
    'output-modalities': field(z.array(z.string()).optional(), 'later', 'What the model writes.'),
    image: field(z.boolean().default(false), 'later', 'The model serves the image endpoints.'),
  },
);

/** Models of an entry. */
export const modelList: z.ZodType<ModelEntry[]> = z.array(model).default([]);

/** Share of a credential; the reference excludes credentials whose weight is not positive. */
export const weight: z.ZodType<number> = z.number().int().max(1_000_000).default(1);

/** Shape of what all kinds of entries share. */
export const entryBaseShape: Shape<EntryBase> = {
  priority: field(z.number().int().default(0), 'now', 'Credentials with a higher number are used first.'),
  prefix: field(z.string().default(''), 'now', 'Clients may ask for prefix/model.'),
  'base-url': field(z.string().trim().default(''), 'now', 'Where the provider is.'),
  headers: field(headerMap(), 'now', 'Sent with every request. A value $Name copies that header of the client.'),
  models: field(modelList, 'now', "Models and their aliases; without any, the provider's catalogue."),
  'disable-cooling': field(z.boolean().optional(), 'now', 'Overrides the global disable-cooling.'),
  'request-retry': field(z.number().int().optional(), 'now', 'Overrides the global request-retry.'),
  'request-scoped-errors': field(
    scopedErrors,
    'now',
    'Rules that say what an error means; the first that matches decides.',
  ),
};

/** Shape of an entry that holds one key. */
export const keyShape: Shape<KeyEntry> = {
  'api-key': field(headerText().default(''), 'now', "The provider's key.", { example: 'your-provider-key' }),
  weight: field(weight, 'now', 'Share of the requests when credentials are weighted.'),
  'proxy-url': field(proxyUrl(), 'now', 'Proxy of this key; direct or none: no proxy.'),
  'excluded-models': field(textList(), 'now', 'Models that this key does not serve; * stands for any text.'),
  ...entryBaseShape,
};

/** Base URL of an entry that must have one. */
export function requiredBaseUrl(example: string, description: string): z.ZodType<string> {
  return field(z.string().trim().default(''), 'now', description, { example });
}

/** A list of keys; `extra` are the keys of one provider, `changes` replace common ones. */
export function keyEntries(
  extra: Readonly<Record<string, z.ZodType>> = {},
  changes: Partial<Shape<KeyEntry>> = {},
): z.ZodType<KeyEntry[]> {
  return z.array(object<KeyEntry>({ ...keyShape, ...changes }, extra)).default([]);
}
