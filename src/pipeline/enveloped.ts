/** How requests and answers go through what a service puts around the bodies of a dialect. */
import { randomUUID } from 'node:crypto';
import type { UpstreamCodec } from '../dialects/codec.ts';
import type { Envelope, EnvelopeContext } from '../envelopes/envelope.ts';
import type { JsonObject } from '../ir/index.ts';
import { isJsonObject } from '../ir/index.ts';
import { parseJsonObject } from '../ir/read.ts';
import type { Endpoint } from '../providers/provider.ts';
import { sessionKeyOf } from '../routing/session-key.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';

const made = new WeakMap<Envelope, Map<string, UpstreamCodec>>();

/** The codec of an endpoint: it reads answers out of the endpoint's envelope. */
export function envelopedCodec(codec: UpstreamCodec, { envelope }: Endpoint): UpstreamCodec {
  const unwrap = envelope?.unwrap?.bind(envelope);
  if (envelope === undefined || unwrap === undefined) return codec;
  const known = made.get(envelope) ?? new Map<string, UpstreamCodec>();
  made.set(envelope, known);
  let enveloped = known.get(codec.id);
  if (enveloped === undefined) {
    enveloped = withUnwrap(codec, unwrap);
    known.set(codec.id, enveloped);
  }
  return enveloped;
}

function withUnwrap(codec: UpstreamCodec, unwrap: (answer: JsonObject) => JsonObject): UpstreamCodec {
  return {
    ...codec,
    decodeResponse: (body) => codec.decodeResponse(unwrap(body)),
    decodeError: (status, body) => codec.decodeError(status, isJsonObject(body) ? unwrap(body) : body),
    createStreamDecoder() {
      const decoder = codec.createStreamDecoder();
      return {
        push(frame) {
          const event = parseJsonObject(frame.data);
          return decoder.push(event === undefined ? frame : { ...frame, data: JSON.stringify(unwrap(event)) });
        },
        end: () => decoder.end(),
      };
    },
  };
}

/** Whether bodies must be looked into on their way in or out. */
export function needsTranslation(
  { envelope, streamsOnly, ownEventsFor }: Endpoint,
  { stream, exchange }: Job,
): boolean {
  if (streamsOnly === true && !stream) return true;
  if (ownEventsFor !== undefined && exchange.headers[ownEventsFor] === undefined) return true;
  return envelope?.wrap !== undefined || envelope?.unwrap !== undefined;
}

/** The body as the endpoint takes it. */
export function wrapBody(body: JsonObject, job: Job, target: Target, { envelope }: Endpoint): JsonObject {
  return envelope?.wrap?.(body, contextOf(job, target)) ?? body;
}

/** The headers that the body decides. */
export function envelopeHeaders(
  body: JsonObject,
  job: Job,
  target: Target,
  { envelope }: Endpoint,
): Readonly<Record<string, string>> | undefined {
  return envelope?.headers?.(body, contextOf(job, target));
}

/** The same of a body that goes through as it is; looks into it only if the envelope does. */
export function passedHeaders(
  job: Job,
  target: Target,
  endpoint: Endpoint,
): Readonly<Record<string, string>> | undefined {
  if (endpoint.envelope?.headers === undefined) return undefined;
  const body = parseJsonObject(job.exchange.body.toString('utf8'));
  return body === undefined ? undefined : envelopeHeaders(body, job, target, endpoint);
}

function contextOf(job: Job, target: Target): EnvelopeContext {
  const { exchange, body } = job;
  const { headers, operation, principal } = exchange;
  return {
    operation,
    model: target.model,
    stream: job.stream,
    parameters: target.credential.parameters ?? {},
    get session() {
      return sessionKeyOf({ headers, body, principal, subagentsFollow: false })?.key;
    },
    headers,
    newUuid: randomUUID,
  };
}
