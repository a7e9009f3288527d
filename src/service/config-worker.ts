/** The thread that reads changed configurations: YAML of thousands of keys takes a second, and requests go on. */
import { parentPort } from 'node:worker_threads';
import { synthesize } from '../config/credentials.ts';
import { loadConfig } from '../config/load.ts';
import { toProxyError } from '../errors.ts';
import { providers } from '../providers/index.ts';
import { toParts } from './config-parts.ts';
import type { ConfigReply, ConfigRequest } from './read-config.ts';

async function read(request: ConfigRequest): Promise<ConfigReply> {
  try {
    const loaded = await loadConfig(request);
    return { parts: toParts({ loaded, found: synthesize(loaded.config, providers, request.env) }) };
  } catch (thrown) {
    const { code, message, path } = toProxyError(thrown);
    return { failure: { code, message, path } };
  }
}

parentPort?.on('message', (request: ConfigRequest) => {
  void read(request).then((reply) => {
    const moved = 'parts' in reply ? [reply.parts.trunk.buffer, ...reply.parts.lists.map((list) => list.buffer)] : [];
    parentPort?.postMessage(reply, moved);
  });
});
