import type { GenerationRequest, MediaPart, Part, TextPart, TranslationWarning } from '../ir/index.ts';
import type { ModelInfo } from '../models/model-info.ts';

/** A request with media of those kinds only that the model takes; paths of the hub in the warnings. */
interface ReadableRequest {
  readonly request: GenerationRequest;
  readonly warnings: readonly TranslationWarning[];
}

type Kind = MediaPart['kind'];

/** Words that stand in every body of any dialect that holds such media. */
const signs: Readonly<Record<'image' | 'audio', readonly string[]>> = {
  image: ['"image', '"input_image"', 'nlineData"', 'nline_data"', 'ileData"', 'ile_data"'],
  audio: ['"input_audio"', 'nlineData"', 'nline_data"', 'ileData"', 'ile_data"'],
};

/** Whether the body may hold media that the model is known not to take. */
export function holdsUnreadable(body: Buffer, info: ModelInfo | undefined): boolean {
  return refusedKinds(info).some((kind) => signs[kind].some((sign) => body.includes(sign)));
}

/** Whether the body may hold pictures. */
export function mayHoldImages(body: Buffer): boolean {
  return signs.image.some((sign) => body.includes(sign));
}

/** Media that the model is known not to take, told in words: a picture of an earlier turn must not end a conversation. */
export function withReadableMedia(request: GenerationRequest, info: ModelInfo | undefined): ReadableRequest {
  const refused: readonly Kind[] = refusedKinds(info);
  const warnings: TranslationWarning[] = [];
  if (refused.length === 0) return { request, warnings };
  const isRefused = (part: Part): part is MediaPart => part.type === 'media' && refused.includes(part.kind);
  const readable = <T extends Part>(part: T, path: string): T | TextPart => {
    if (!isRefused(part)) return part;
    warnings.push({ path, reason: `the model takes no ${part.kind}` });
    const { cacheControl } = part;
    return {
      type: 'text',
      text: `[${part.kind} left out: the model takes none]`,
      ...(cacheControl && { cacheControl }),
    };
  };
  const messages = request.messages.map((message) => ({
    ...message,
    content: message.content.map((part, index) => {
      const path = `${message.path}.content[${index}]`;
      if (part.type !== 'tool-result') return readable(part, path);
      return { ...part, content: part.content.map((inner, at) => readable(inner, `${path}.content[${at}]`)) };
    }),
  }));
  return warnings.length === 0 ? { request, warnings } : { request: { ...request, messages }, warnings };
}

const NONE: readonly never[] = [];

function refusedKinds(info: ModelInfo | undefined): readonly ('image' | 'audio')[] {
  const { vision, audio } = info?.capabilities ?? {};
  if (vision !== false && audio !== false) return NONE;
  return [...(vision === false ? (['image'] as const) : []), ...(audio === false ? (['audio'] as const) : [])];
}
