import { type VendorFields, vendorList, vendorNumber, vendorText } from '../../auth/vendor-api.ts';
import type { ModelInfo } from '../../models/model-info.ts';
import { models } from './models.ts';

/**
 * The catalogue of an account. It has to be asked for as some version of Codex, and leaves out what that one would not
 * understand: the one whose catalogue this provider has been checked with.
 */
export const CATALOGUE_PATH = '/models?client_version=0.169.0';

/** The models of such an answer; what it does not say is taken from the catalogue of this version. */
export function readModels(answer: VendorFields): readonly ModelInfo[] {
  return vendorList(answer['models']).flatMap((model) => {
    const id = vendorText(model['slug']);
    return id === undefined ? [] : [modelOf(id, model)];
  });
}

function modelOf(id: string, model: VendorFields): ModelInfo {
  const known = models.find((one) => one.id === id);
  const displayName = vendorText(model['display_name']);
  const contextLength = vendorNumber(model['context_window']);
  const levels = vendorList(model['supported_reasoning_levels']).flatMap((level) => vendorText(level['effort']) ?? []);
  return {
    capabilities: { tools: true, structuredOutput: true, reasoning: true, sampling: false },
    ...known,
    id,
    ownedBy: 'openai',
    ...(displayName === undefined ? {} : { displayName }),
    ...(contextLength === undefined ? {} : { contextLength }),
    ...(levels.length === 0 ? {} : { reasoning: { levels } }),
  };
}
