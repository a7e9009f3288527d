import type { Choice } from '../index.ts';

/** The person at the keyboard, or the pipe in its place. */
export interface Terminal {
  /** Somebody can be asked. */
  readonly isInteractive: boolean;
  out(line: string): void;
  warn(line: string): void;
  /** Shows a line that the next one replaces; nothing where lines stay. */
  status(line: string): void;
  /** Undefined, as for the others: given up. */
  select(question: string, choices: readonly Choice[]): Promise<string | undefined>;
  selectMany(question: string, choices: readonly Choice[]): Promise<readonly string[] | undefined>;
  confirm(question: string): Promise<boolean | undefined>;
  text(question: string): Promise<string | undefined>;
  /** Does not show what is typed. */
  secret(question: string): Promise<string | undefined>;
  /** Everything that is piped in. */
  readAll(): Promise<string>;
  /** Calls back with each line that is typed or piped in, until the signal ends it. */
  readLines(signal: AbortSignal, line: (text: string) => void): void;
}

/** Loaded when somebody is asked: a server's start has no time for it. */
type Prompts = typeof import('@clack/prompts');

const CLEAR_LINE = '\r\u001b[2K';
/** Whoever pipes in more made a mistake. */
const MOST_BYTES = 1024 * 1024;

/** The terminal of this process. */
export function processTerminal({ stdin, stdout, stderr }: NodeJS.Process = process): Terminal {
  const isInteractive = stdin.isTTY === true && stdout.isTTY === true;
  let hasStatus = false;
  const clear = (): void => {
    if (hasStatus) stdout.write(CLEAR_LINE);
    hasStatus = false;
  };
  const asked = async <T>(ask: (prompts: Prompts) => Promise<T | Prompts['CANCEL_SYMBOL']>): Promise<T | undefined> => {
    if (!isInteractive) return undefined;
    clear();
    const prompts = await import('@clack/prompts');
    const answer = await ask(prompts);
    return prompts.isCancel(answer) ? undefined : answer;
  };
  return {
    isInteractive,
    out(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    warn(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    status(line) {
      if (!isInteractive) return;
      stdout.write(CLEAR_LINE + line.slice(0, Math.max(20, (stdout.columns || 80) - 1)));
      hasStatus = true;
    },
    select: (message, choices) => asked(({ select }) => select({ message, options: [...choices], maxItems: 12 })),
    selectMany: (message, choices) =>
      asked(({ multiselect }) =>
        multiselect({
          message,
          options: [...choices],
          initialValues: choices.map(({ value }) => value),
          required: false,
          maxItems: 12,
        }),
      ),
    confirm: (message) => asked(({ confirm }) => confirm({ message, initialValue: false })),
    text: (message) => asked(({ text }) => text({ message })),
    secret: (message) => asked(({ password }) => password({ message, mask: '' })),
    async readAll() {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of stdin) {
        const part = Buffer.from(chunk);
        bytes += part.length;
        if (bytes > MOST_BYTES) throw new Error('what is piped in is too long');
        chunks.push(part);
      }
      return Buffer.concat(chunks).toString('utf8');
    },
    readLines(signal, line) {
      if (signal.aborted) return;
      // The terminal's own line buffer cuts long addresses off: readline has none.
      const { createInterface } = process.getBuiltinModule('node:readline');
      const { Writable } = process.getBuiltinModule('node:stream');
      const reader = createInterface({
        input: stdin,
        output: isInteractive ? stdout : new Writable({ write: (_chunk, _encoding, done) => done() }),
        terminal: isInteractive,
      });
      reader.on('line', (text) => line(text));
      reader.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      signal.addEventListener('abort', () => reader.close(), { once: true });
    },
  };
}
