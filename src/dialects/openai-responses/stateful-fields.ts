import type { GenerationRequest, TranslationWarning } from '../../ir/index.ts';
import { DIALECT } from './wire.ts';

const reasons: Readonly<Record<string, string>> = {
  previous_response_id: 'the earlier response is stored at the provider that made it; send the whole input instead',
  conversation: 'the conversation is stored at the provider that made it; send the whole input instead',
  prompt: 'the prompt template is stored at OpenAI; send its text instead',
  background: 'a background response cannot be run by a provider of another dialect',
};

/**
 * The fields of a Responses client's request that lean on state at the provider, so that no upstream of another
 * dialect can serve them. Empty for requests of other dialects' clients.
 */
export function statefulFields(request: GenerationRequest): TranslationWarning[] {
  const own = request.extensions[DIALECT] ?? {};
  return Object.entries(reasons)
    .filter(([key]) => own[key] !== undefined && own[key] !== null && own[key] !== false)
    .map(([path, reason]) => ({ path, reason }));
}
