/** Preloaded into a process (`node --import`): whoever waits for a person to type a code asks fifty times as often. */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const SPEED = 50;
const real = timers.setTimeout;

timers.setTimeout = <T>(ms?: number, value?: T, options?: Parameters<typeof real>[2]): Promise<T> =>
  real(ms === undefined || ms < 1000 ? ms : ms / SPEED, value, options);
syncBuiltinESMExports();
