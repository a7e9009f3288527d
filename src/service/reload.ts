import { type ConfigChanges, changesBetween } from '../config/changes.ts';
import { checkExposure } from '../config/exposure.ts';
import type { LoadedConfig, LoadOptions } from '../config/load.ts';
import { changedUntilRestart } from '../config/restart-keys.ts';
import type { Config } from '../config/schema.ts';
import { formatWarning } from '../config/warning.ts';
import { ProxyError, toProxyError } from '../errors.ts';
import type { Accounts } from './accounts.ts';
import { ConfigReader, type ReadConfig } from './read-config.ts';
import type { Runtime } from './runtime.ts';
import { inSlices } from './slices.ts';
import { type Current, snapshotSteps } from './snapshot.ts';
import { warmSteps } from './warm.ts';

/** Brings changed configurations into use. */
export interface Reloader {
  /**
   * Reads the configuration and swaps it in. Rejects with ProxyError `invalid_config` for one that is not valid: the one
   * in use stays. A call while one is under way has the file read once more.
   */
  reload(): Promise<void>;
  /** When what is in use was loaded, in milliseconds since the epoch. */
  readonly loadedAtMs: number;
  /** Why the last try brought nothing; undefined after one that did. */
  readonly lastError: ReloadError | undefined;
  /** Changed keys that take effect only after a restart. */
  readonly waitForRestart: readonly string[];
  close(): void;
}

/** A reload that failed. */
export interface ReloadError {
  readonly message: string;
  readonly atMs: number;
}

/** What a reloader works on. */
export interface ReloadOptions {
  /** How to load the configuration; undefined: it never changes. */
  readonly source: LoadOptions | undefined;
  readonly runtime: Runtime;
  readonly accounts: Accounts | undefined;
  /** What new requests begin under; the reloader is the only one who changes it. */
  readonly current: { -readonly [Key in keyof Current]: Current[Key] };
  /** Told of content that is in use or was refused. */
  read(revision: string | undefined): void;
}

/** Nothing is read before the first call. */
export function createReloader(options: ReloadOptions): Reloader {
  return new ConfigReloader(options);
}

/** A file that was cut short must not let in whoever reaches the port. Throws `invalid_config`. */
function refuseOpening(before: Config, after: Config): void {
  if (before['api-keys'].length === 0 || after['api-keys'].length > 0) return;
  const hint = 'if nobody shall need a key any more, restart llmproxy';
  throw new ProxyError('invalid_config', `api-keys: all client keys are gone; ${hint}`, { path: 'api-keys' });
}

class ConfigReloader implements Reloader {
  readonly #options: ReloadOptions;
  /** What the process was started with, and what is read once stays with. */
  readonly #started: Config;
  readonly #reader = new ConfigReader();
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  loadedAtMs: number;
  lastError: ReloadError | undefined;
  waitForRestart: readonly string[] = [];

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#started = options.current.snapshot.config;
    this.loadedAtMs = options.runtime.clock.now();
  }

  reload(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  close(): void {
    this.#reader.close();
  }

  #start(): Promise<void> {
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    const { source, runtime } = this.#options;
    if (source === undefined) return;
    try {
      const read = await this.#reader.read(source);
      this.#options.read(read.loaded.revision);
      // The listener stays where it is, whatever the new configuration says.
      checkExposure({ ...read.loaded.config, host: this.#started.host });
      refuseOpening(this.#options.current.snapshot.config, read.loaded.config);
      await this.#adopt(read);
      this.loadedAtMs = runtime.clock.now();
      if (this.lastError !== undefined) runtime.logger.info({}, 'the configuration can be read again');
      this.lastError = undefined;
    } catch (thrown) {
      const error = toProxyError(thrown);
      const isKnown = this.lastError?.message === error.message;
      this.lastError = { message: error.message, atMs: runtime.clock.now() };
      // Told once, however often the same file is looked at.
      if (!isKnown) runtime.logger.error({}, `the configuration in use stays: ${error.message}`);
      throw error;
    }
  }

  async #adopt(read: ReadConfig): Promise<void> {
    const { current, runtime, accounts } = this.#options;
    const before = current.snapshot;
    const changes = await inSlices(changesBetween(before.config, read.loaded.config));
    if (changes.count === 0) return;
    const after = await inSlices(snapshotSteps({ ...read, accounts }, runtime));
    await inSlices(warmSteps(before.roster, after.roster, runtime.manager));
    runtime.adopt(after);
    current.snapshot = after;
    accounts?.leave(before.roster);
    this.#report(changes, read.loaded, before.warnings, after.warnings);
  }

  #report(
    { paths, count }: ConfigChanges,
    loaded: LoadedConfig,
    before: readonly string[],
    after: readonly string[],
  ): void {
    const { logger } = this.#options.runtime;
    const more = count > paths.length ? { more: count - paths.length } : {};
    logger.info({ changed: paths, ...more }, 'the configuration was reloaded');
    for (const warning of loaded.warnings) logger.warn({}, formatWarning(warning, loaded.file));
    for (const text of after) if (!before.includes(text)) logger.warn({}, text);
    const waiting = changedUntilRestart(this.#started, loaded.config);
    const isNew = waiting.some((path) => !this.waitForRestart.includes(path));
    this.waitForRestart = waiting;
    if (isNew) logger.warn({}, `takes effect after a restart: ${waiting.join(', ')}`);
  }
}
