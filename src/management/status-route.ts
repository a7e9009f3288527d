import type { ManagementRoute } from './management.ts';

/** `GET /v0/management/status`: what the gateway works with, without secrets. */
export function statusRoute(status: () => object): ManagementRoute {
  return { method: 'GET', path: '/status', answer: () => ({ status: 200, body: status() }) };
}
