import type { UpstreamCodec } from '../dialects/codec.ts';
import { AwsFrameParser } from '../framing/aws-event-stream.ts';
import { type SseFrame, SseParser } from '../framing/sse.ts';
import { type BodyKind, bodyKind } from './body-kind.ts';

/** Cuts the bytes of a stream into frames, as its dialect has them. */
export interface FrameParser {
  push(chunk: Buffer): readonly SseFrame[];
  end(): readonly SseFrame[];
}

/** A parser for one stream of that dialect. */
export function createFrameParser({ framing }: UpstreamCodec): FrameParser {
  return framing === undefined ? new SseParser() : new AwsFrameParser();
}

/** What the first bytes of a stream show it to be; undefined: nothing yet. */
export function streamKind({ framing }: UpstreamCodec, bytes: Buffer): BodyKind | undefined {
  // Lengths may look like letters, but never their highest byte, as no message is that long.
  if (framing !== undefined && (bytes.length === 0 || bytes[0] === 0)) return bytes.length === 0 ? undefined : 'other';
  return bodyKind(bytes);
}
