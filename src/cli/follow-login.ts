import type { Terminal } from './terminal.ts';

/** A login that waits for the browser. */
export interface BrowserWait<T> {
  /** Where the person is to go. */
  readonly url: string;
  /** Where the provider sends the browser, to `localhost`. */
  readonly callbackPort: number;
  /** Where this program waits for the browser; undefined: it cannot, only a pasted address helps. */
  readonly port: number | undefined;
  /** Why it cannot. */
  readonly portProblem: string | undefined;
  /** Takes what the person pasted. Throws for what cannot be meant. */
  paste(text: string): void;
  readonly done: Promise<T>;
}

/** A login that waits for a code to be typed somewhere. */
export interface DeviceWait<T> {
  readonly url: string;
  readonly userCode: string;
  /** The same page with the code filled in. */
  readonly completeUrl: string | undefined;
  readonly expiresAtMs: number;
  readonly done: Promise<T>;
}

/** The person, and what this machine can do for him. */
export interface LoginPerson {
  readonly terminal: Terminal;
  /** False: --no-browser. */
  readonly usesBrowser: boolean;
  openBrowser(url: string): Promise<boolean>;
  now(): number;
}

/** By then most browsers have come back by themselves. */
const PASTE_AFTER_MS = 15_000;
const PASTE =
  'If the browser cannot reach this machine, paste here the address it ended at (http://localhost...), and press Enter:';
const TICK_MS = 1000;
const REMIND_MS = 30_000;

/** Sends the person to a page and waits for the browser to come back, or for the address that it ended at. */
export async function followBrowser<T>(wait: BrowserWait<T>, person: LoginPerson): Promise<T> {
  const { terminal } = person;
  const ended = new AbortController();
  const isOpen = person.usesBrowser && (await person.openBrowser(wait.url));
  terminal.out(isOpen ? 'Your browser shows the login now. If it does not, open:' : 'Open in a browser:');
  terminal.out(`\n  ${wait.url}\n`);
  if (wait.portProblem !== undefined) terminal.warn(`warning: ${wait.portProblem}`);
  if (!isOpen && wait.port !== undefined) {
    terminal.out('If that browser runs on another machine, connect the two first, there:');
    terminal.out(`\n  ssh -L ${wait.callbackPort}:localhost:${wait.port} <this machine>\n`);
  }
  const read = (): void => {
    terminal.out(PASTE);
    terminal.readLines(ended.signal, (line) => pasted(line, wait, terminal));
  };
  const timer = setTimeout(read, isOpen && wait.port !== undefined ? PASTE_AFTER_MS : 0);
  // Where nobody listens and nothing is piped in, nothing else keeps the process alive.
  const alive = setInterval(() => undefined, REMIND_MS);
  try {
    return await wait.done;
  } finally {
    clearTimeout(timer);
    clearInterval(alive);
    ended.abort();
  }
}

function pasted(line: string, wait: BrowserWait<unknown>, terminal: Terminal): void {
  if (line.trim() === '') return;
  try {
    wait.paste(line);
  } catch (error) {
    terminal.warn(`Not taken: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Tells the person the code and waits until he has decided. */
export async function followDevice<T>(wait: DeviceWait<T>, person: LoginPerson): Promise<T> {
  const { terminal } = person;
  const page = wait.completeUrl ?? wait.url;
  const isOpen = person.usesBrowser && (await person.openBrowser(page));
  terminal.out(
    isOpen ? 'Your browser shows the login now. If it does not, open on any device:' : 'Open on any device:',
  );
  terminal.out(`\n  ${page}\n`);
  const verb = wait.completeUrl === undefined ? 'Enter there the code' : 'The code there must be';
  terminal.out(`${verb}:  ${wait.userCode}\n`);
  const words = (): string => `Waiting until it is approved, ${minutesLeft(wait.expiresAtMs - person.now())} left.`;
  terminal.out(terminal.isInteractive ? 'Ctrl-C gives up.' : words());
  const timer = setInterval(
    () => (terminal.isInteractive ? terminal.status(words()) : terminal.out(words())),
    terminal.isInteractive ? TICK_MS : REMIND_MS,
  );
  try {
    return await wait.done;
  } finally {
    clearInterval(timer);
  }
}

function minutesLeft(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} min`;
}
