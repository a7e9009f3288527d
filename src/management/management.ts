import { type ManagementAnswer, type ManagementRequest, refuse } from './answer.ts';
import type { ManagementGate } from './gate.ts';

export type { ManagementAnswer, ManagementRequest } from './answer.ts';

/** One endpoint of the management API. */
export interface ManagementRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Who asks needs no key: the request itself carries what only those may know who have had one. */
  readonly isOpen?: true;
  answer(request: ManagementRequest): ManagementAnswer | Promise<ManagementAnswer>;
}

/** The management API. */
export type Management = (request: ManagementRequest) => Promise<ManagementAnswer>;

/** Answers the routes to whoever the gate lets in. */
export function createManagement(gate: ManagementGate, routes: readonly ManagementRoute[]): Management {
  return async (request) => {
    const here = routes.filter(({ path }) => path === request.path);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = here.find((one) => one.method === method);
    const refusal = await gate(request, route?.isOpen);
    if (refusal !== undefined) return refusal;
    if (route !== undefined) return route.answer(request);
    if (here.length === 0) return refuse(404, `no management endpoint ${request.path}`);
    const allow = here.map((one) => one.method).join(', ');
    return { ...refuse(405, `${request.path} takes ${allow}`), headers: { allow } };
  };
}
