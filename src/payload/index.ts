/** Rules of the configuration that set and remove fields of request bodies. */
export { withoutImageGeneration } from './image-generation.ts';
export { PathError, parsePath } from './parse-path.ts';
export { applyRules, compilePayloadRules, matchingHeaders, type PayloadRule, type PayloadRules } from './rules.ts';
export type { ProtocolNames } from './selector.ts';
export type {
  FilterRuleSettings,
  ImageGenerationMode,
  PayloadSettings,
  SelectorSettings,
  SetRuleSettings,
} from './settings.ts';
export { rawValue } from './values.ts';
