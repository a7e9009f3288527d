/** Rules of the configuration that set and remove fields of request bodies. */
export { withoutImageGeneration } from './image-generation.ts';
export { PathError, parsePath } from './parse-path.ts';
export { applyRules, compilePayloadRules, matchingHeaders, type PayloadChanges, type PayloadRule } from './rules.ts';
export type { ImageGenerationMode, PayloadSettings } from './settings.ts';
export { rawValue } from './values.ts';
