import { expandHome } from '../config/account-directory.ts';
import type { Config } from '../config/schema.ts';
import {
  createStateKeeper,
  restoreState,
  type StateKeeper,
  type StateKeeperOptions,
  type StateSource,
} from '../credentials/state-keeper.ts';
import { WorkerStateStore } from '../storage/sqlite/state-store.ts';
import type { Runtime } from './runtime.ts';

/** What keeps the state of credentials, and `sources`, over a restart; undefined: nothing does. The file is opened when it is started. */
export function openState(config: Config, runtime: Runtime, sources: readonly StateSource[]): StateKeeper | undefined {
  const options = keeperOptions(config, runtime, sources);
  return options && createStateKeeper(options);
}

/** Brings back what the last process kept, and keeps nothing. */
export async function recallState(config: Config, runtime: Runtime, sources: readonly StateSource[]): Promise<void> {
  const options = keeperOptions(config, runtime, sources);
  if (options === undefined) return;
  await restoreState(options);
}

function keeperOptions(
  config: Config,
  { env, clock, logger, manager }: Runtime,
  further: readonly StateSource[],
): StateKeeperOptions | undefined {
  const { file: chosen, 'max-entries': maxRows } = config['state-store'];
  const file = chosen === '' ? undefined : expandHome(chosen, env);
  if (file === undefined) return undefined;
  const warn = (message: string): void => logger.warn({}, message);
  const keepsCooldowns = config['save-cooldown-status'];
  return {
    store: new WorkerStateStore({ file, limits: { maxRows } }, warn),
    sources: [...manager.stateSources, ...further].filter(({ kind }) => keepsCooldowns || kind !== 'cooldown'),
    clock,
    warn,
  };
}
