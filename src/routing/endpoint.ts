import type { DialectId } from '../ir/index.ts';
import type { Endpoint } from '../providers/provider.ts';
import type { Target } from './target.ts';

/**
 * The endpoint that serves a request: the one that speaks the client's dialect if the model is served there (the
 * request passes through), else the best one for the model (the request is translated).
 */
export function selectEndpoint(target: Pick<Target, 'provider' | 'info'>, clientDialect: DialectId): Endpoint {
  const { endpoints } = target.provider;
  const dialects = target.info?.dialects;
  const same = endpoints.find((endpoint) => endpoint.dialect === clientDialect);
  if (same !== undefined && (dialects === undefined || dialects.includes(clientDialect))) return same;
  for (const dialect of dialects ?? []) {
    const endpoint = endpoints.find((candidate) => candidate.dialect === dialect);
    if (endpoint !== undefined) return endpoint;
  }
  const first = endpoints[0];
  if (first === undefined) throw new TypeError(`provider "${target.provider.id}" has no endpoint`);
  return first;
}
