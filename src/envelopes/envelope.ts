/** Wrappers that services put around the bodies of a dialect. Pure: no network, clock or randomness of their own. */
import type { JsonObject } from '../ir/index.ts';

/** What an envelope may say of a request beyond its body. */
export interface EnvelopeContext {
  readonly operation: 'generate' | 'count-tokens' | 'compact';
  /** As the upstream knows it. */
  readonly model: string;
  readonly stream: boolean;
  /** Of the account: project, profile, ... */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names the conversation, the same in each of its turns; undefined: nobody knows. */
  readonly session: string | undefined;
  /** Of the client's request, lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** A fresh UUID. */
  newUuid(): string;
}

/** A wrapper around the bodies of a dialect. */
export interface Envelope {
  /** The body as it is sent; absent: as it is. Throws ProxyError when the account lacks something. */
  wrap?(body: JsonObject, context: EnvelopeContext): JsonObject;
  /** What the body decides; they give way to those which the client or the credential sets. `body`: before it is wrapped. */
  headers?(body: JsonObject, context: EnvelopeContext): Readonly<Record<string, string>>;
  /** A whole answer, the data of one event of a stream, or an error, as the dialect has it; absent: as it is. Never throws. */
  unwrap?(answer: JsonObject): JsonObject;
}
