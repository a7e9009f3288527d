import { ProxyError } from '../errors.ts';
import { refuse } from './answer.ts';
import type { ManagementRoute } from './management.ts';

/** What is asked of the route, as the query says it. */
export interface AskedModel {
  readonly model: string;
  readonly session?: string;
  readonly stream?: boolean;
  readonly tools?: boolean;
  readonly vision?: boolean;
  readonly tokens?: number;
}

/** `GET /v0/management/explain?model=M&session=S`: who would serve a model now, and why. */
export function explainRoute(explain: (asked: AskedModel) => object): ManagementRoute {
  return {
    method: 'GET',
    path: '/explain',
    answer({ query = () => undefined }) {
      const model = query('model') ?? '';
      if (model === '') return refuse(400, 'which model? e.g. /v0/management/explain?model=gpt-5');
      const session = query('session') ?? '';
      const tokens = Number(query('tokens') ?? '');
      const flags = (['stream', 'tools', 'vision'] as const).filter((name) =>
        /^(1|true|yes|)$/i.test(query(name) ?? 'no'),
      );
      try {
        return {
          status: 200,
          body: explain({
            model,
            ...(session === '' ? {} : { session }),
            ...Object.fromEntries(flags.map((name) => [name, true])),
            ...(Number.isSafeInteger(tokens) && tokens > 0 ? { tokens } : {}),
          }),
        };
      } catch (error) {
        if (error instanceof ProxyError) return refuse(error.status, error.message);
        throw error;
      }
    },
  };
}
