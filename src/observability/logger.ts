import pino from 'pino';
import { createRedactor, type Redactor } from './redact.ts';

/** From silent to everything. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Structured log: fields for machines, a message for people. */
export interface Logger {
  /** Ask before building costly fields. */
  enabled(level: Exclude<LogLevel, 'silent'>): boolean;
  readonly error: Write;
  readonly warn: Write;
  readonly info: Write;
  readonly debug: Write;
  readonly trace: Write;
}

/** The process's own log. */
export interface RootLogger extends Logger {
  setLevel(level: LogLevel): void;
  /** Writes out what is buffered; call it before the process ends. */
  flush(): void;
}

/** Settings of the log. */
export interface LoggerOptions {
  readonly level: LogLevel;
  readonly redactor: Redactor;
  /** File descriptor; 2 when absent. */
  readonly fd?: number;
  /** Instead of a descriptor: each finished line. */
  readonly sink?: (line: string) => void;
}

/** More than this waiting for a stuck terminal or pipe is dropped, so that a log can never fill the memory. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** JSON lines, written in the background. Every line passes the redactor as text, so no field can be forgotten. */
export function createLogger(options: LoggerOptions): RootLogger {
  const { redactor, sink } = options;
  const file = sink === undefined ? openFile(options.fd ?? 2) : undefined;
  const log = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
      hooks: { streamWrite: (line) => redactor.redact(line) },
    },
    file ?? { write: (line: string) => sink?.(line) },
  );
  return {
    enabled: (level) => log.isLevelEnabled(level),
    error: (fields, message) => log.error(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    info: (fields, message) => log.info(fields, message),
    debug: (fields, message) => log.debug(fields, message),
    trace: (fields, message) => log.trace(fields, message),
    setLevel(level) {
      log.level = level;
    },
    flush: () => file?.flushSync(),
  };
}

/** Says nothing: for embedding and tests. */
export const silentLogger: RootLogger = createLogger({ level: 'silent', redactor: createRedactor(), sink: () => {} });

function openFile(fd: number): ReturnType<typeof pino.destination> {
  const file = pino.destination({ fd, sync: false, maxLength: MAX_BUFFERED_BYTES });
  // A closed terminal or pipe must not end the service.
  file.on('error', () => {});
  return file;
}
