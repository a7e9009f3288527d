import { ProxyError, toProxyError } from '../errors.ts';
import type { Exchange } from '../pipeline/exchange.ts';
import { keepsResponses, previousResponseNotFound } from '../pipeline/exchange-state.ts';
import type { Pipeline } from '../pipeline/generate.ts';
import { selectEndpoint } from '../routing/endpoint.ts';
import type { BackgroundRuns } from './background.ts';
import { answerCompact, answerTrigger } from './compact.ts';
import { editBody, rawMember, readStateRequest, type StateRequest } from './state-request.ts';
import { run, servingTargets, type Turn, type TurnOptions } from './turn.ts';

/** What the stateful pipeline is wired to. */
export interface StateOptions extends TurnOptions {
  readonly background: BackgroundRuns;
  /** Conversations are summed up on demand. */
  readonly compacts: boolean;
}

/** The pipeline with a memory: Responses requests may continue, store, run in the background and sum up. */
export function createStatefulPipeline(options: StateOptions): Pipeline {
  return {
    handle(exchange) {
      if (exchange.codec.hasState !== true) {
        options.pipeline.handle(exchange);
        return;
      }
      const request = readStateRequest(exchange.body);
      if (request === undefined) options.pipeline.handle(exchange);
      else if (request.previousId === undefined) begin(options, firstTurn(exchange, request));
      else void continueFrom(options, exchange, request, request.previousId);
    },
    refuse: (exchange, error, asked) => options.pipeline.refuse(exchange, error, asked),
  };
}

function firstTurn(exchange: Exchange, request: StateRequest): Turn {
  const needsProvider = request.hasConversation ? 'conversation' : undefined;
  return { exchange, request, body: request.body, needsProvider, credentialId: undefined, expanded: false };
}

async function continueFrom(
  options: StateOptions,
  exchange: Exchange,
  request: StateRequest,
  previousId: string,
): Promise<void> {
  try {
    const input = rawMember(request.body, 'input') ?? Buffer.from('[]');
    const found = await options.archive.continue(exchange.principal ?? '', previousId, input);
    if (exchange.reply.closed) return;
    const turn = firstTurn(exchange, request);
    switch (found.kind) {
      case 'stored': {
        const items = Buffer.from(found.value).toString('utf8');
        const body = editBody(request.body, { input: items }, ['previous_response_id']);
        begin(options, { ...turn, body, expanded: true });
        return;
      }
      case 'with-provider':
        begin(options, { ...turn, needsProvider: 'previous_response_id', credentialId: found.credentialId });
        return;
      case 'unknown':
        begin(options, { ...turn, needsProvider: 'previous_response_id' });
        return;
      case 'foreign':
        throw previousResponseNotFound(`no response ${previousId.slice(0, 100)} is stored`);
    }
  } catch (thrown) {
    options.pipeline.refuse(exchange, toProxyError(thrown), request);
  }
}

function begin(options: StateOptions, turn: Turn): void {
  try {
    const { operation } = turn.exchange;
    if (operation === 'count-tokens') {
      options.pipeline.handle({ ...turn.exchange, body: turn.body.bytes, scanned: turn.body });
    } else if (operation === 'compact') {
      if (!options.compacts) throw new ProxyError('not_found', 'responses-compact-enabled is off in the configuration');
      answerCompact(options, turn);
    } else if (turn.request.compacts && !allKeep(options, turn)) answerTrigger(options, turn);
    else if (turn.request.background && !allKeep(options, turn)) options.background.start(options, turn);
    else run(options, turn, turn.exchange.reply, {});
  } catch (thrown) {
    options.pipeline.refuse(turn.exchange, toProxyError(thrown), turn.request);
  }
}

/** Whether everybody who could serve the turn stores answers, runs in the background and sums up by itself. */
function allKeep(options: StateOptions, { request, exchange }: Turn): boolean {
  const targets = servingTargets(options, request.model);
  return targets?.every((target) => keepsResponses(target, selectEndpoint(target, exchange.codec.id))) === true;
}
