import type { JsonObject, MediaPart } from '../../ir/index.ts';

const FORMATS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/jpg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

/** An image as the service takes it; a string says why it cannot. */
export function encodeImage({ kind, source }: MediaPart): JsonObject | string {
  if (kind !== 'image') return `Kiro takes no ${kind}`;
  if (source.type !== 'base64') return `an image by ${source.type}: Kiro takes images inline only`;
  const format = FORMATS[source.mediaType.toLowerCase()];
  if (format === undefined) return `Kiro takes no images of type ${source.mediaType}`;
  return { format, source: { bytes: source.data } };
}
