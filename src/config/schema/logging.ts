import { z } from 'zod';
import { field, type Shape, whole } from './field.ts';

/** How much is logged. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** What is logged. */
export interface LoggingConfig {
  readonly debug: boolean;
  readonly 'log-level': LogLevel;
}

/** Keys of logging. */
export const loggingShape: Shape<LoggingConfig> = {
  debug: field(z.boolean().default(false), 'now', 'Log at level debug unless log-level is set.'),
  'log-level': field(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    'now',
    'The least important messages that are still logged.',
  ),
};

/** Keys of logging and usage that nothing reads yet. */
export const loggingLaterShape: Readonly<Record<string, z.ZodType>> = {
  'request-log': field(z.boolean().default(false), 'later', 'Log every request and answer, secrets masked.'),
  'commercial-mode': field(
    z.boolean().default(false),
    'now',
    'Leaves out costly logging of requests. Nothing to leave out: they are not logged unless request-log is on.',
  ),
  'logging-to-file': field(z.boolean().default(false), 'later', 'Log to rotating files instead of standard output.'),
  'logs-max-total-size-mb': field(
    z.number().int().default(0),
    'later',
    'Total size of log files, in MiB; 0: no limit.',
  ),
  'error-logs-max-files': field(z.number().int().default(10), 'later', 'How many error logs are kept; 0: all.'),
  'usage-statistics-enabled': field(z.boolean().default(false), 'later', 'Publish usage records to the queue.'),
  'redis-usage-queue-retention-seconds': field(whole(0, 3600).default(60), 'later', 'Life of queued usage records.'),
};
