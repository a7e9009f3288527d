import type { Health, HealthPlace } from '../credentials/health.ts';
import { addressOf } from '../pipeline/upstream-call.ts';
import type { Dispatchers } from '../upstream/client.ts';

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
        health.probed(place, await probe(place));
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
  dispatchers(): Dispatchers;
  readonly userAgent: string;
  /** Whether a provider answers inside this process: there is nothing to ask. */
  isInside(provider: string): boolean;
}

/** Statuses of somebody in front of a server that is down. */
const DOWN: ReadonlySet<number> = new Set([502, 503, 504]);
const TIMEOUT_MS = 10_000;

/** A probe that costs nothing: HEAD of the base URL, by the way that the credential takes, without its secret. */
export function headProbe({ dispatchers, userAgent, isInside }: ProbeOptions): Probe {
  return async ({ provider, baseUrl, proxyUrl }) => {
    if (isInside(provider)) return undefined;
    try {
      const { origin, prefix } = addressOf(baseUrl);
      const dispatcher = await dispatchers().get(origin, proxyUrl);
      const { statusCode, body } = await dispatcher.request({
        path: prefix === '' ? '/' : prefix,
        method: 'HEAD',
        headers: { 'user-agent': userAgent },
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      await body.dump();
      return DOWN.has(statusCode) ? `status ${statusCode}` : undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}
