import { z } from 'zod';
import { type ImageGenerationMode, PathError, type PayloadSettings, parsePath, rawValue } from '../../payload/index.ts';
import { field, object, type Shape, section } from './field.ts';

/** Rules that change request bodies. */
export interface PayloadConfig {
  readonly payload: PayloadSettings;
  readonly 'disable-image-generation': ImageGenerationMode;
}

type Rules = PayloadSettings;
type SetRule = Rules['default'][number];
type FilterRule = Rules['filter'][number];
type Selector = SetRule['models'][number];
type Context = z.core.$RefinementCtx;

const conditions = z.array(z.record(z.string(), z.unknown())).superRefine((maps, context) => {
  for (const [index, map] of maps.entries()) {
    for (const path of Object.keys(map)) checkPath(path, 'condition', context, [index, path]);
  }
});
const paths = (use: 'condition' | 'edit') =>
  z.array(z.string()).superRefine((list, context) => {
    for (const [index, path] of list.entries()) checkPath(path, use, context, [index]);
  });

const selector = object<Selector>({
  name: field(z.string().optional(), 'now', 'Model name; * stands for any text.', { example: 'your-model*' }),
  protocol: field(z.string().optional(), 'now', 'Dialect of the provider: openai, responses, claude or gemini.'),
  'from-protocol': field(z.string().optional(), 'now', 'Dialect of the client.'),
  headers: field(z.record(z.string(), z.string()).optional(), 'now', 'Request headers that must match.'),
  match: field(conditions.optional(), 'now', 'Paths that must have these values.'),
  'not-match': field(conditions.optional(), 'now', 'Paths that must not have them.'),
  exist: field(paths('condition').optional(), 'now', 'Paths that must exist.'),
  'not-exist': field(paths('condition').optional(), 'now', 'Paths that must not exist.'),
});

const models = field(z.array(selector).default([]), 'now', 'The requests that the rule changes.');

function setRule(raw: boolean): z.ZodType<SetRule> {
  const params = z.record(z.string(), z.unknown()).superRefine((entries, context) => {
    for (const [path, value] of Object.entries(entries)) {
      checkPath(path, 'edit', context, [path]);
      if (raw) checkRaw(value, context, path);
    }
  });
  return object<SetRule>({ models, params: field(params.default({}), 'now', 'Path to value.') });
}

const filterRule = object<FilterRule>({
  models,
  params: field(paths('edit').default([]), 'now', 'Paths to remove.'),
});

function checkPath(path: string, use: 'condition' | 'edit', context: Context, place: (string | number)[]): void {
  try {
    parsePath(path, use);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    context.addIssue({ code: 'custom', path: place, message: `cannot be used: the path ${error.message}` });
  }
}

function checkRaw(value: unknown, context: Context, path: string): void {
  try {
    rawValue(value);
  } catch {
    const message = 'cannot be used: a raw value must be JSON, so text stands in double quotes inside the YAML quotes';
    context.addIssue({ code: 'custom', path: [path], message });
  }
}

/** Rules that change request bodies. */
export const payloadShape: Shape<PayloadConfig> = {
  payload: field(
    section<Rules>({
      default: field(z.array(setRule(false)).default([]), 'now', 'Set where the client sent nothing.'),
      'default-raw': field(z.array(setRule(true)).default([]), 'now', 'The same with raw JSON.'),
      override: field(z.array(setRule(false)).default([]), 'now', 'Set always.'),
      'override-raw': field(z.array(setRule(true)).default([]), 'now', 'The same with raw JSON.'),
      filter: field(z.array(filterRule).default([]), 'now', 'Remove.'),
    }),
    'now',
    'Rules that set or remove fields of request bodies.',
  ),
  'disable-image-generation': field(
    z.union([z.boolean(), z.enum(['chat', 'passthrough'])]).default(false),
    'now',
    'With true or chat, image generation tools are taken out of requests; passthrough leaves requests as they are.',
  ),
};
