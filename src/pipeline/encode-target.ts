import type { EncodeTarget } from '../dialects/codec.ts';
import type { Target } from '../routing/target.ts';

/** What the encoder must know of the target. `mostTokens`: that the configuration lets come out. */
export function encodeTarget({ model, info, provider }: Target, stream: boolean, mostTokens?: number): EncodeTarget {
  const maxOutputTokens =
    mostTokens === undefined ? info?.maxOutputTokens : Math.min(mostTokens, info?.maxOutputTokens ?? mostTokens);
  return {
    model,
    stream,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(info?.reasoning === undefined ? {} : { reasoning: info.reasoning }),
    ...(info?.unsignedReasoning === true && { unsignedReasoning: true }),
    quirks: provider.quirks ?? {},
  };
}
