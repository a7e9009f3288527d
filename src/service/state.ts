import { expandHome } from '../config/account-directory.ts';
import type { Config } from '../config/schema.ts';
import {
  createStateKeeper,
  restoreState,
  type StateKeeper,
  type StateKeeperOptions,
} from '../credentials/state-keeper.ts';
import { WorkerStateStore } from '../storage/sqlite/state-store.ts';
import type { Runtime } from './runtime.ts';

/** What keeps the state of credentials over a restart; undefined: nothing does. The file is opened when it is started. */
export function openState(config: Config, runtime: Runtime): StateKeeper | undefined {
  const options = keeperOptions(config, runtime);
  return options && createStateKeeper(options);
}

/** Brings back what the last process kept, and keeps nothing. */
export async function recallState(config: Config, runtime: Runtime): Promise<void> {
  const options = keeperOptions(config, runtime);
  if (options === undefined) return;
  await restoreState(options);
}

function keeperOptions(config: Config, { env, clock, logger, manager }: Runtime): StateKeeperOptions | undefined {
  const { file: chosen, 'max-entries': maxRows } = config['state-store'];
  const file = chosen === '' ? undefined : expandHome(chosen, env);
  if (file === undefined) return undefined;
  const warn = (message: string): void => logger.warn({}, message);
  const keepsCooldowns = config['save-cooldown-status'];
  return {
    store: new WorkerStateStore({ file, limits: { maxRows } }, warn),
    sources: manager.stateSources.filter(({ kind }) => keepsCooldowns || kind !== 'cooldown'),
    clock,
    warn,
  };
}
