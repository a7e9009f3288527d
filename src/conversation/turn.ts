import type { Clock } from '../clock.ts';
import { ProxyError } from '../errors.ts';
import type { Exchange } from '../pipeline/exchange.ts';
import type { ExchangeState } from '../pipeline/exchange-state.ts';
import type { Pipeline } from '../pipeline/generate.ts';
import type { Target } from '../routing/target.ts';
import { AnswerReply } from './answer-reply.ts';
import type { ResponseArchive } from './response-archive.ts';
import type { StateRequest } from './state-request.ts';

/** What stored conversations are wired to. */
export interface TurnOptions {
  readonly pipeline: Pipeline;
  readonly archive: ResponseArchive;
  readonly clock: Clock;
  newId(prefix: string): string;
  /** Throws ProxyError `model_not_found`. */
  route(model: string): readonly Target[];
  /** Whether other models may answer for one that nobody serves. */
  fallsBack(model: string): boolean;
}

/** What a request is about to be answered with. */
export interface Turn {
  /** As the client sent it. */
  readonly exchange: Exchange;
  readonly request: StateRequest;
  /** As the upstream shall get it. */
  readonly body: StateRequest['body'];
  readonly needsProvider: ExchangeState['needsProvider'];
  readonly credentialId: string | undefined;
  /** The earlier turn was put into the input here. */
  readonly expanded: boolean;
}

/** Who serves a model; undefined: nobody, but others may answer instead. Throws ProxyError `model_not_found`. */
export function servingTargets({ route, fallsBack }: TurnOptions, model: string): readonly Target[] | undefined {
  try {
    return route(model);
  } catch (error) {
    if (error instanceof ProxyError && error.code === 'model_not_found' && fallsBack(model)) return undefined;
    throw error;
  }
}

const STORED = { store: 'true' };
const NOTHING = {};

/**
 * Runs a turn through the pipeline and stores its answer. `members`: what else the answer says (raw JSON), which
 * llmproxy alone knows.
 */
export function run(
  options: TurnOptions,
  turn: Turn,
  reply: Exchange['reply'],
  members: Readonly<Record<string, string>>,
): void {
  const { exchange, request, body, needsProvider, credentialId } = turn;
  const said = { ...members, ...(turn.expanded && { previous_response_id: JSON.stringify(request.previousId) }) };
  const sent: Exchange = { ...exchange, operation: 'generate', body: body.bytes, scanned: body, reply };
  if (!request.store && needsProvider === undefined && Object.keys(said).length === 0) {
    options.pipeline.handle(sent);
    return;
  }
  let keeper: Target | undefined;
  const answer = new AnswerReply(reply, (bytes) => {
    void options.archive.save({
      owner: exchange.principal ?? '',
      previousId: turn.expanded ? request.previousId : undefined,
      credentialId: keeper?.credential.id,
      model: request.model,
      createdAtMs: options.clock.now(),
      request: keeper === undefined ? exchange.body : new Uint8Array(),
      answer: bytes,
    });
  });
  const state: ExchangeState = {
    credentialId,
    needsProvider,
    attempting({ target, keeps, translates }) {
      keeper = keeps ? target : undefined;
      answer.keep = !request.store ? 'nothing' : keeps ? 'beginning' : 'everything';
      const stored = request.store && !keeps;
      // Other dialects' ids are made by servers that never meant them to be asked for again.
      const own = stored && (translates || turn.expanded);
      const set = own ? { id: JSON.stringify(options.newId('resp_')), store: 'true', ...said } : said;
      const correct = stored && !own ? STORED : NOTHING;
      answer.members = set === said && Object.keys(said).length === 0 && !stored ? undefined : { set, correct };
    },
  };
  options.pipeline.handle({ ...sent, reply: answer, state });
}
