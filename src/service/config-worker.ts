/** The thread that reads a changed configuration: YAML of thousands of keys takes a second, and requests go on. */
import { parentPort, workerData } from 'node:worker_threads';
import { synthesize } from '../config/credentials.ts';
import { loadConfig } from '../config/load.ts';
import { toProxyError } from '../errors.ts';
import { providers } from '../providers/index.ts';
import { toParts } from './config-parts.ts';
import type { ConfigReply, ConfigRequest } from './read-config.ts';

// cast: the one place that starts this thread hands it a request
const request = workerData as ConfigRequest;

async function read(): Promise<ConfigReply> {
  try {
    const loaded = await loadConfig(request);
    return { parts: toParts({ loaded, found: synthesize(loaded.config, providers, request.env) }) };
  } catch (thrown) {
    const { code, message, path } = toProxyError(thrown);
    return { failure: { code, message, path } };
  }
}

const reply = await read();
const moved = 'parts' in reply ? [reply.parts.trunk.buffer, ...reply.parts.lists.map((list) => list.buffer)] : [];
parentPort?.postMessage(reply, moved);
