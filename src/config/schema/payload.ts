import { z } from 'zod';
import { field, section } from './field.ts';

const selector = z.object({
  name: field(z.string().optional(), 'later', 'Model name; * stands for any text.'),
  protocol: field(z.string().optional(), 'later', 'Dialect of the provider.'),
  'from-protocol': field(z.string().optional(), 'later', 'Dialect of the client.'),
  headers: field(z.record(z.string(), z.string()).optional(), 'later', 'Request headers that must match.'),
  match: field(z.array(z.record(z.string(), z.unknown())).optional(), 'later', 'Paths that must have these values.'),
  'not-match': field(z.array(z.record(z.string(), z.unknown())).optional(), 'later', 'Paths that must not have them.'),
  exist: field(z.array(z.string()).optional(), 'later', 'Paths that must exist.'),
  'not-exist': field(z.array(z.string()).optional(), 'later', 'Paths that must not exist.'),
});

const models = field(z.array(selector).default([]), 'later', 'The requests that the rule changes.');

const setRule = z.object({
  models,
  params: field(z.record(z.string(), z.unknown()).default({}), 'later', 'Path to value.'),
});

const filterRule = z.object({ models, params: field(z.array(z.string()).default([]), 'later', 'Paths to remove.') });

/** Rules that change request bodies. */
export const payloadShape: Readonly<Record<string, z.ZodType>> = {
  payload: field(
    section({
      default: field(z.array(setRule).default([]), 'later', 'Set where the client sent nothing.'),
      'default-raw': field(z.array(setRule).default([]), 'later', 'The same with raw JSON.'),
      override: field(z.array(setRule).default([]), 'later', 'Set always.'),
      'override-raw': field(z.array(setRule).default([]), 'later', 'The same with raw JSON.'),
      filter: field(z.array(filterRule).default([]), 'later', 'Remove.'),
    }),
    'later',
    'Rules that set or remove fields of request bodies.',
  ),
};
