import type { Health, HealthPlace } from '../credentials/health.ts';
import type { Executor } from '../executors/executor.ts';
import { addressOf } from '../pipeline/upstream-call.ts';

/** Asks servers whether they answer; undefined: it does, else why not. */
export type Probe = (place: HealthPlace) => Promise<string | undefined>;

/** What the watch over servers is wired to. */
export interface HealthWatchOptions {
  readonly health: Health;
  readonly probe: Probe;
  /** Read at every look. */
  isOn(): boolean;
  readonly everyMs?: number;
}

/** Looks after servers that requests do not visit; there is no timer while nobody is to be looked after. */
export interface HealthWatch {
  close(): void;
}

const EVERY_MS = 30_000;
/** Probes at the same time. */
const AT_ONCE = 8;

/** Begins with the first request. */
export function watchHealth({ health, probe, isOn, everyMs = EVERY_MS }: HealthWatchOptions): HealthWatch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function wake(): void {
    if (timer !== undefined || isClosed) return;
    timer = setTimeout(() => void look(), everyMs).unref();
  }

  async function look(): Promise<void> {
    const due = [...health.due()];
    const next = async (): Promise<void> => {
      for (let place = due.pop(); place !== undefined && !isClosed; place = due.pop()) {
        health.probed(place, await probe(place).catch(String));
      }
    };
    if (isOn()) await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, next));
    timer = undefined;
    if (health.isWatching) wake();
  }

  health.onUse(wake);
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

/** What a probe goes by. */
export interface ProbeOptions {
  executor(): Executor;
  readonly userAgent: string;
  /** Whether a provider answers inside this process: there is nothing to ask. */
  isInside(provider: string): boolean;
}

/** Statuses of somebody in front of a server that is down. */
const DOWN: ReadonlySet<number> = new Set([502, 503, 504]);
const TIMEOUT_MS = 10_000;

/** A probe that costs nothing: HEAD of the base URL, by the way that the credential takes, without its secret. */
export function headProbe({ executor, userAgent, isInside }: ProbeOptions): Probe {
  return ({ provider, baseUrl, proxyUrl }) => {
    if (isInside(provider)) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      let status = 0;
      const { origin, prefix } = addressOf(baseUrl);
      const path = prefix === '' ? '/' : prefix;
      const headers = { 'user-agent': userAgent };
      const handle = executor().send(
        { method: 'HEAD', origin, path, headers, body: undefined, proxyUrl },
        {
          head: (received) => {
            status = received;
          },
          data: () => true,
          end: () => done(DOWN.has(status) ? `status ${status}` : undefined),
          error: ({ message }) => done(message),
        },
      );
      const timer = setTimeout(() => {
        handle.abort();
        done(`no answer within ${TIMEOUT_MS / 1000} s`);
      }, TIMEOUT_MS).unref();
      function done(reason: string | undefined): void {
        clearTimeout(timer);
        resolve(reason);
      }
    });
  };
}
