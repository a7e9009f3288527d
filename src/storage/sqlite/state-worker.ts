/** Keeps state in a thread of its own: a slow disk holds up no request. */
import { workerData } from 'node:worker_threads';
import { systemClock } from '../../clock.ts';
import { serveThread, warnFromThread } from '../serve-thread.ts';
import type { StateCall, StateSettings, StateValue } from './state-messages.ts';
import { SqliteStateRows } from './state-rows.ts';

const { file, limits }: StateSettings = workerData;
const store = new SqliteStateRows(file, limits, systemClock, warnFromThread);
serveThread<StateCall, StateValue>(run);

function run(call: StateCall): StateValue {
  switch (call.method) {
    case 'load':
      return store.load(call.kind);
    case 'put':
      store.put(call.rows);
      return [];
    case 'delete':
      store.delete(call.names);
      return [];
    case 'close':
      store.close();
      return [];
  }
}
