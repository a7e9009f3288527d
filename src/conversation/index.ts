import type { Clock } from '../clock.ts';
import type { Forward } from '../pipeline/forward.ts';
import type { Pipeline } from '../pipeline/generate.ts';
import type { Target } from '../routing/target.ts';
import type { RowLimits } from '../storage/ports.ts';
import { BackgroundRuns } from './background.ts';
import { createStatefulPipeline } from './stateful-pipeline.ts';
import { createStoredResponses, type StoredRequest } from './stored-responses.ts';
import { WorkerArchive } from './worker-archive.ts';

export type { StoredRequest } from './stored-responses.ts';

/** What conversations are wired to. */
export interface ConversationOptions {
  readonly pipeline: Pipeline;
  readonly forward: Forward;
  readonly clock: Clock;
  newId(prefix: string): string;
  /** Throws ProxyError `model_not_found`. */
  route(model: string): readonly Target[];
  /** Whether other models may answer for one that nobody serves. */
  fallsBack(model: string): boolean;
  /** Where responses are stored; undefined: in this process's memory. */
  readonly file: string | undefined;
  readonly limits: RowLimits;
  /** Whether conversations are summed up on demand; default: yes. */
  readonly compacts?: boolean;
  /** Hears what the operator should know. */
  warn(message: string): void;
}

/** The pipeline with a memory, and what answers questions about it. */
export interface Conversations extends Pipeline {
  answerStored(request: StoredRequest): void;
  /** Waits until everything is stored. */
  close(): Promise<void>;
}

/** Wires stored conversations; nothing is opened before the first of them. */
export function createConversations(options: ConversationOptions): Conversations {
  const { pipeline, clock, forward, file, limits, warn } = options;
  const archive = new WorkerArchive({ file, limits }, warn);
  const background = new BackgroundRuns();
  const state = {
    pipeline,
    archive,
    clock,
    background,
    get compacts() {
      return options.compacts ?? true;
    },
    newId: (prefix: string) => options.newId(prefix),
    route: (model: string) => options.route(model),
    fallsBack: (model: string) => options.fallsBack(model),
  };
  const stateful = createStatefulPipeline(state);
  const answerStored = createStoredResponses({ ...state, forward });
  return {
    handle: (exchange) => stateful.handle(exchange),
    refuse: (exchange, error, asked) => stateful.refuse(exchange, error, asked),
    answerStored,
    async close() {
      background.close();
      await archive.close();
    },
  };
}
