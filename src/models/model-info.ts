import type { DialectId } from '../ir/index.ts';

/** What is known of a model. Absent: unknown, never a guess. */
export interface ModelInfo {
  /** The id the provider knows. */
  readonly id: string;
  readonly displayName?: string;
  /** Unix seconds. */
  readonly createdAtS?: number;
  readonly ownedBy?: string;
  /** Tokens of input and output together. */
  readonly contextLength?: number;
  /** The most tokens of one answer. */
  readonly maxOutputTokens?: number;
  readonly capabilities?: ModelCapabilities;
  readonly reasoning?: ReasoningSupport;
  /** Takes reasoning back that carries no signature: a model of another maker behind Claude's API. */
  readonly unsignedReasoning?: boolean;
  /** Dialects of the provider's endpoints that serve it, best first. Absent: all of them, in the provider's order. */
  readonly dialects?: readonly DialectId[];
}

/** What a model can take and give. Absent: unknown. */
export interface ModelCapabilities {
  readonly tools?: boolean;
  readonly vision?: boolean;
  readonly audio?: boolean;
  readonly documents?: boolean;
  readonly streaming?: boolean;
  readonly structuredOutput?: boolean;
  readonly reasoning?: boolean;
  /** Takes `temperature`, `top_p` and `top_k`; some do only while they do not reason. */
  readonly sampling?: boolean | 'without-reasoning';
}

/** How a model takes reasoning settings: effort levels, a token budget, or both. */
export interface ReasoningSupport {
  /** Effort levels, ascending. Empty, without a budget: the model takes no reasoning settings. */
  readonly levels?: readonly string[];
  /** Tokens; 0 when absent. */
  readonly minBudget?: number;
  /** Tokens. Absent: the model takes no budget. */
  readonly maxBudget?: number;
  /** Reasoning can be switched off. */
  readonly zeroAllowed?: boolean;
  /** The model can be left to decide how much to reason. */
  readonly dynamicAllowed?: boolean;
}
