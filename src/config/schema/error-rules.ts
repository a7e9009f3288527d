import { z } from 'zod';
import { compilePattern, type ErrorRuleEntry } from '../../credentials/error-rule.ts';
import { field, object } from './field.ts';

const pattern = z.string().refine((text) => text === '' || compilePattern(text) !== undefined, {
  error: 'expected a regular expression',
});

const rule = object<ErrorRuleEntry>({
  status: field(z.number().int().default(0), 'now', 'HTTP status.', { example: 400 }),
  match: field(z.array(z.string()).default([]), 'now', 'Texts of which one is in the body.', {
    example: ['context_length'],
  }),
  'match-regexr': field(
    z.array(pattern).default([]),
    'now',
    'Regular expressions of which one matches the first 8 KiB of the body; flags stand before, as in (?i)quota.',
  ),
  action: field(
    z.enum(['stop', 'stop-and-cooldown', 'continue', 'continue-and-cooldown']).optional(),
    'now',
    'stop: the client gets the error; continue: the next credential is tried. The credential pauses only where the action says so.',
    { example: 'stop' },
  ),
});

/** Rules that say what an upstream's error means. */
export const scopedErrors: z.ZodType<ErrorRuleEntry[]> = z.array(rule).default([]);
