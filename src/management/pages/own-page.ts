import { isLoopback } from '../../config/exposure.ts';
import type { ManagementRequest } from '../answer.ts';

/**
 * Whether the browser asks us by a name of ours: a page from elsewhere that has its own name lead to this machine is told
 * by the `Host` that its browser sends. Behind a proxy for others any name may be ours.
 */
export function isOurName({ headers }: ManagementRequest, allowRemote: boolean): boolean {
  const host = single(headers['host']);
  return allowRemote || host === undefined || isLoopback(host.replace(/:\d+$/, ''));
}

/** Whether a form was sent from a page of ours, or by no browser. */
export function isFromOwnPage({ headers }: ManagementRequest): boolean {
  const site = single(headers['sec-fetch-site']);
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = single(headers['origin']);
  return origin === undefined || URL.parse(origin)?.host === single(headers['host']);
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
