import type { Credential } from '../credentials/credential.ts';
import { secretsOf } from '../credentials/secrets.ts';
import { ProxyError } from '../errors.ts';
import { secretForms } from '../secret-forms.ts';
import type { UpstreamHeaders } from './answer-writer.ts';

/** Takes the secrets of one credential out of what its upstream answers. */
export interface SecretMask {
  /** Overwrites secrets with stars in place: lengths stay, so a content-length still holds. */
  bytes(chunk: Buffer): void;
  text(text: string): string;
  headers(headers: UpstreamHeaders): UpstreamHeaders;
  error(error: ProxyError): ProxyError;
}

const masks = new WeakMap<Credential, SecretMask>();

/** The mask of a credential; made once. */
export function secretMaskOf(credential: Credential): SecretMask {
  let mask = masks.get(credential);
  if (mask === undefined) {
    mask = createMask(credential);
    masks.set(credential, mask);
  }
  return mask;
}

function createMask(credential: Credential): SecretMask {
  const forms = secretsOf(credential).flatMap(secretForms);
  const needles = forms.map((form) => Buffer.from(form));
  const text = (value: string): string =>
    forms.reduce((masked, form) => masked.replaceAll(form, () => credential.label), value);
  return {
    text,
    bytes(chunk) {
      for (const needle of needles) {
        for (let at = chunk.indexOf(needle); at >= 0; at = chunk.indexOf(needle, at + needle.length))
          chunk.fill(0x2a, at, at + needle.length);
      }
    },
    headers(headers) {
      const masked: Record<string, string | string[] | undefined> = {};
      for (const [name, value] of Object.entries(headers))
        masked[name] = typeof value === 'string' ? text(value) : value?.map(text);
      return masked;
    },
    error(error) {
      const message = text(error.message);
      if (message === error.message) return error;
      const { code, status, path, retryAfterMs, upstream, cause } = error;
      return new ProxyError(code, message, {
        status,
        cause,
        ...(path === undefined ? {} : { path }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(upstream === undefined ? {} : { upstream: { ...upstream, message: text(upstream.message) } }),
      });
    },
  };
}
