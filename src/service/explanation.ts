import type { Reason } from '../credentials/reason.ts';
import type { AskedModel } from '../management/explain-route.ts';
import type { FoundBy } from '../routing/route.ts';

/** Who would serve a model, as clients name it, and the conversation they name. */
export type ExplainQuestion = AskedModel;

/** A credential that could serve the model. */
export interface ExplainedCandidate {
  /** 1: asked first, then 2, ...; absent: not asked as things are. */
  readonly place?: number;
  readonly credential: string;
  readonly id: string;
  /** Where it was found. */
  readonly source: string;
  readonly provider: string;
  /** The model's id there. */
  readonly model: string;
  /** 1 is the most preferred. */
  readonly tier: number;
  readonly priority: number;
  readonly weight: number;
  readonly inFlight: number;
  readonly quotas: readonly ExplainedQuota[];
  readonly reasons: readonly Reason[];
}

/** How much of a limit is used, as the provider told. */
export interface ExplainedQuota {
  readonly name: string;
  readonly usedPercent: number;
  /** ISO 8601. */
  readonly resetsAt: string;
}

/** A credential that is not asked for the model, though its provider may have it. */
export interface ExplainedOther {
  readonly credential: string;
  readonly provider?: string;
  readonly source: string;
  readonly reason: Reason;
}

/** What a client's name means. */
export interface ExplainedName {
  /** `alias`: another name of what the provider calls otherwise. */
  readonly by: FoundBy | 'alias';
  /** Without its `(suffix)`. */
  readonly base: string;
  /** The provider's names. */
  readonly models: readonly string[];
}

/** Another model that would answer if all else failed. */
export interface ExplainedFallback {
  readonly model: string;
  /** Who would be asked first; absent: nobody now. */
  readonly first?: { readonly credential: string; readonly provider: string; readonly model: string };
}

/** A binding of the conversation. */
export interface ExplainedBinding {
  readonly credential: string;
  readonly model: string;
  /** ISO 8601. */
  readonly since: string;
  /** Since its last request, in milliseconds. */
  readonly idleMs: number;
}

/** Who would serve the next request for a model, and why nobody else. */
export interface Explanation {
  readonly model: string;
  /** `server`: of the running gateway; `stored`: of configuration, accounts and what the last process kept. */
  readonly from: 'server' | 'stored';
  /** Absent: nobody serves it, but others may answer instead. */
  readonly name?: ExplainedName;
  /** `routing.strategy`. */
  readonly strategy: string;
  readonly session?: { readonly name: string; readonly bindings: readonly ExplainedBinding[] };
  readonly chosen?: ExplainedCandidate;
  /** Nobody is chosen, or who is paused like all others: the fallbacks are asked before. */
  readonly fallbacksFirst: boolean;
  /** Until somebody may be asked; 0: now. */
  readonly waitMs: number;
  /** In the order in which they would be asked, then those who would not. */
  readonly candidates: readonly ExplainedCandidate[];
  readonly others: readonly ExplainedOther[];
  /** What comes when all of them fail. */
  readonly afterwards: {
    readonly fallbacks: readonly ExplainedFallback[];
    /** `request-retry`: further rounds over all. */
    readonly rounds: number;
    /** `max-retry-interval`: the longest wait before one. */
    readonly maxWaitSeconds: number;
    /** `max-retry-credentials`, `attempt-budget`, `request-deadline-seconds`; 0: no limit. */
    readonly maxCredentials: number;
    readonly attemptBudget: number;
    readonly deadlineSeconds: number;
  };
}
