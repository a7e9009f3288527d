/** Runs the archive in a thread of its own: neither the disk nor the parsing of answers holds up a stream. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import { MemoryResponseRows } from '../storage/memory/response-rows.ts';
import type { ResponseRows } from '../storage/ports.ts';
import { SqliteResponseRows } from '../storage/sqlite/response-rows.ts';
import type { ArchiveCall, ArchiveReply, ArchiveSettings } from './archive-messages.ts';
import { createResponseArchive, type Found, type ResponseArchive } from './response-archive.ts';

const port = parentPort;
if (port === null) throw new Error('this module runs in a worker only');
const settings: ArchiveSettings = workerData;
const archive = createResponseArchive(openRows());
let last: Promise<void> = Promise.resolve();
// One after the other: the next turn must find the one before.
port.on('message', (call: ArchiveCall) => {
  last = last.then(() => serve(call));
});

function send(reply: ArchiveReply): void {
  port?.postMessage(reply);
}

function openRows(): ResponseRows {
  const { file, limits } = settings;
  if (file === undefined) return new MemoryResponseRows(limits, systemClock);
  try {
    return new SqliteResponseRows(file, limits, systemClock);
  } catch (error) {
    send({ warning: `${file} cannot be used, responses are kept in memory: ${describe(error)}` });
    return new MemoryResponseRows(limits, systemClock);
  }
}

async function serve(call: ArchiveCall): Promise<void> {
  try {
    const value = await run(archive, call);
    if (call.method !== 'save') send({ seq: call.seq, value });
  } catch (error) {
    if (call.method === 'save') send({ warning: `a response could not be stored: ${describe(error)}` });
    else send({ seq: call.seq, error: describe(error) });
  }
  if (call.method === 'close') port?.close();
}

async function run(to: ResponseArchive, call: ArchiveCall): Promise<Found<Uint8Array> | boolean | undefined> {
  switch (call.method) {
    case 'save':
      await to.save(call.turn);
      return undefined;
    case 'find':
      return to.find(call.owner, call.id);
    case 'inputOf':
      return to.inputOf(call.owner, call.id);
    case 'continue':
      return to.continue(call.owner, call.id, call.input);
    case 'remove':
      return to.remove(call.owner, call.id);
    case 'close':
      await to.close();
      return undefined;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
