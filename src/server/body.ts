import { ProxyError } from '../errors.ts';

/** Receives a body, or why there is none; exactly one of the two, once. */
export type BodyReceiver = (error: ProxyError | undefined, body: Buffer) => void;

/** Where a request's body comes from; both doors implement it. */
export interface BodySource {
  /** Reads everything, up to `limitBytes`. Call at most once. */
  read(limitBytes: number, receive: BodyReceiver): void;
}

/** No bytes. */
export const emptyBody: Buffer = Buffer.alloc(0);

/** The 413 for a body that is, or says it is, over the limit. */
export function bodyTooLarge(limitBytes: number): ProxyError {
  return new ProxyError('body_too_large', `the request body is over the limit of ${limitBytes} bytes`);
}

/** The length a request declares; undefined when it declares none or nonsense. */
export function declaredLength(value: string | string[] | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\d+$/.test(value)) return undefined;
  return Number(value);
}
