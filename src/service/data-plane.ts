import { join, resolve } from 'node:path';
import { DEFAULT_STORE_FILE } from '../config/schema/responses.ts';
import type { Config } from '../config/schema.ts';
import { type Conversations, createConversations } from '../conversation/index.ts';
import { clientCodecs } from '../dialects/index.ts';
import { ProxyError } from '../errors.ts';
import { createId } from '../ids.ts';
import { mayFallBack } from '../routing/fallback.ts';
import { createServer, type Server } from '../server/server.ts';
import { requireWritable } from '../storage/sqlite/writable-file.ts';
import type { Environment } from '../upstream/proxy-environment.ts';
import { createCodeAssistRelay } from './code-assist-relay.ts';
import type { OpenedManagement } from './open-management.ts';
import type { Runtime } from './runtime.ts';
import type { Current } from './snapshot.ts';

/** The pipeline of the current snapshot with a memory; the file is opened when there is something to store. */
export function openConversations(current: Current, { clock, env, logger }: Runtime): Conversations {
  // Read once: the archive stays with its file and its limits.
  const store = current.snapshot.config['responses-store'];
  return createConversations({
    pipeline: {
      handle: (exchange) => current.snapshot.pipeline.handle(exchange),
      refuse: (exchange, error, asked) => current.snapshot.pipeline.refuse(exchange, error, asked),
    },
    forward: (...call) => current.snapshot.forward(...call),
    clock,
    newId: createId,
    route: (model) => current.snapshot.roster.router.route(model),
    fallsBack: (model) => mayFallBack(current.snapshot.config.fallbacks, model),
    file: storeFile(store.file, env),
    get compacts() {
      return current.snapshot.config['responses-compact-enabled'];
    },
    limits: {
      ttlMs: store['ttl-days'] * 86_400_000,
      maxRows: store['max-entries'],
      maxBytes: store['max-mb'] * 1024 * 1024,
    },
    warn: (message) => logger.warn({}, message),
  });
}

/** The default place may be missing, in a container for one; a place that somebody chose must be there. */
function storeFile(chosen: string, env: Environment): string | undefined {
  const file = stateFile(chosen, env);
  if (file === undefined || chosen === DEFAULT_STORE_FILE) return file;
  try {
    requireWritable(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ProxyError('invalid_config', `responses-store.file: ${file} cannot be written: ${why}`, { cause });
  }
  return file;
}

/** Undefined: in memory, as without a home directory there is no place of the user's own. */
function stateFile(file: string, env: Environment): string | undefined {
  if (file === '') return undefined;
  if (!file.startsWith('~/')) return resolve(file);
  const home = env['HOME'] ?? env['USERPROFILE'];
  return home === undefined || home === '' ? undefined : join(home, file.slice(2));
}

/** The doors; every request goes to what is current when it comes. */
export function openServer(
  current: Current,
  conversations: Conversations,
  runtime: Runtime,
  { manage, loginPages }: OpenedManagement,
): Server {
  return createServer({
    codecs: clientCodecs,
    access: { authenticate: (request) => current.snapshot.access.authenticate(request) },
    handle: (exchange) => conversations.handle(exchange),
    answerStored: (request) => conversations.answerStored(request),
    listModels: () => current.snapshot.models.list(),
    findModel: (name) => current.snapshot.models.find(name),
    manage,
    ...(loginPages === undefined ? {} : { loginPages }),
    relayCodeAssist: createCodeAssistRelay(current, runtime),
    bodyLimitBytes: bodyLimitBytes(current.snapshot.config),
    logger: runtime.logger,
    newRequestId: () => createId('req_'),
  });
}

function bodyLimitBytes(config: Config): number {
  return config['body-limit-mb'] * 1024 * 1024;
}
