import { ProxyError } from '../errors.ts';
import type { UpstreamCall } from '../executors/executor.ts';
import type { Target } from '../routing/target.ts';
import type { Job } from './job.ts';
import { upstreamHeaders } from './upstream-headers.ts';

interface BaseAddress {
  readonly origin: string;
  /** Path in front of every endpoint's own; no trailing slash. */
  readonly prefix: string;
}

const addresses = new Map<string, BaseAddress>();

/**
 * The call that brings a body to a path of the target; `{model}` in the path becomes the target's model,
 * `{project}` and the like what its account says. `more`: headers
 * that give way to those which the client or the credential sets.
 */
export function upstreamCall(
  job: Job,
  target: Target,
  path: string,
  body: Buffer | string,
  more?: Readonly<Record<string, string>>,
): UpstreamCall {
  const headers = upstreamHeaders(target, job.exchange.headers, job.options.userAgent);
  const { origin, prefix } = addressOf(target.credential.baseUrl ?? target.provider.baseUrl);
  return {
    method: 'POST',
    origin,
    path: prefix + (path.includes('{') ? filled(path, target) : path),
    headers: more === undefined ? headers : { ...more, ...headers },
    body,
    proxyUrl: target.credential.proxyUrl,
  };
}

function filled(path: string, { model, credential, provider }: Target): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = name === 'model' ? model : credential.parameters?.[name];
    if (value === undefined) throw new ProxyError('internal', `an account of ${provider.label} lacks its "${name}"`);
    return encodeURIComponent(value);
  });
}

/** Where a base URL points. Throws ProxyError when it is none. */
export function addressOf(baseUrl: string): BaseAddress {
  let address = addresses.get(baseUrl);
  if (address === undefined) {
    const url = URL.parse(baseUrl);
    if (url === null) throw new ProxyError('upstream_unreachable', `the base URL "${baseUrl}" is not a URL`);
    address = { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
    addresses.set(baseUrl, address);
  }
  return address;
}
