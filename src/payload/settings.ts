/** The shape of `payload` in config.yaml, defaults filled in. */

/** Which requests a rule is for; everything that is stated must hold. */
export interface SelectorSettings {
  /** Model name, `*` for any text. */
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
  readonly 'from-protocol'?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly match?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly 'not-match'?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly exist?: readonly string[] | undefined;
  readonly 'not-exist'?: readonly string[] | undefined;
}

/** A rule that sets: path -> value. */
export interface SetRuleSettings {
  readonly models: readonly SelectorSettings[];
  readonly params: Readonly<Record<string, unknown>>;
}

/** A rule that removes. */
export interface FilterRuleSettings {
  readonly models: readonly SelectorSettings[];
  readonly params: readonly string[];
}

/** All rules. */
export interface PayloadSettings {
  readonly default: readonly SetRuleSettings[];
  readonly 'default-raw': readonly SetRuleSettings[];
  readonly override: readonly SetRuleSettings[];
  readonly 'override-raw': readonly SetRuleSettings[];
  readonly filter: readonly FilterRuleSettings[];
}

/** `disable-image-generation`. */
export type ImageGenerationMode = boolean | 'chat' | 'passthrough';
