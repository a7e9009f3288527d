import type { EncodeTarget } from '../dialects/codec.ts';
import type { Target } from '../routing/target.ts';

/** What the encoder must know of the target. */
export function encodeTarget({ model, info, provider }: Target, stream: boolean): EncodeTarget {
  return {
    model,
    stream,
    ...(info?.maxOutputTokens === undefined ? {} : { maxOutputTokens: info.maxOutputTokens }),
    ...(info?.reasoning === undefined ? {} : { reasoning: info.reasoning }),
    ...(info?.unsignedReasoning === true && { unsignedReasoning: true }),
    quirks: provider.quirks ?? {},
  };
}
