/** Runs the archive in a thread of its own: neither the disk nor the parsing of answers holds up a stream. */
import { workerData } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import { MemoryResponseRows } from '../storage/memory/response-rows.ts';
import type { ResponseRows } from '../storage/ports.ts';
import { describeError, serveThread, warnFromThread } from '../storage/serve-thread.ts';
import { SqliteResponseRows } from '../storage/sqlite/response-rows.ts';
import type { ArchiveCall, ArchiveSettings, ArchiveValue } from './archive-messages.ts';
import { createResponseArchive } from './response-archive.ts';

const settings: ArchiveSettings = workerData;
const archive = createResponseArchive(openRows());
serveThread<ArchiveCall, ArchiveValue>(run);

function openRows(): ResponseRows {
  const { file, limits } = settings;
  if (file === undefined) return new MemoryResponseRows(limits, systemClock);
  try {
    return new SqliteResponseRows(file, limits, systemClock);
  } catch (error) {
    warnFromThread(`${file} cannot be used, responses are kept in memory: ${describeError(error)}`);
    return new MemoryResponseRows(limits, systemClock);
  }
}

async function run(call: ArchiveCall): Promise<ArchiveValue> {
  switch (call.method) {
    case 'save':
      try {
        await archive.save(call.turn);
      } catch (error) {
        throw new Error(`a response could not be stored: ${describeError(error)}`, { cause: error });
      }
      return undefined;
    case 'find':
      return archive.find(call.owner, call.id);
    case 'inputOf':
      return archive.inputOf(call.owner, call.id);
    case 'continue':
      return archive.continue(call.owner, call.id, call.input);
    case 'remove':
      return archive.remove(call.owner, call.id);
    case 'close':
      await archive.close();
      return undefined;
  }
}
