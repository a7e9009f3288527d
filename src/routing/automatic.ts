import type { RegisteredModel } from '../models/registered-model.ts';
import type { Router } from './route.ts';
import type { Target } from './target.ts';

/** What `auto` is decided on. */
export interface AutomaticOptions {
  readonly router: Router;
  /** Every model on offer. */
  models(): readonly RegisteredModel[];
  /** Whether anybody of these may be asked now. */
  canServe(targets: readonly Target[]): boolean;
}

const AUTO = 'auto';
/** As many models are looked at; behind them it is the first one's turn to say why nobody answers. */
const MOST_MODELS = 20;

/** Routes as the router does, but `auto` passes over models all of whose credentials cool down. */
export function createAutomaticRoute(options: AutomaticOptions): Router['route'] {
  const { router, canServe } = options;
  return (name) => {
    const targets = router.route(name);
    if (!name.startsWith(AUTO) || canServe(targets) || router.resolve(name).by !== 'auto') return targets;
    return otherModel(options, name.slice(AUTO.length)) ?? targets;
  };
}

/** Of the newest model that can be served; `suffix` asks for its reasoning. */
function otherModel({ router, models, canServe }: AutomaticOptions, suffix: string): readonly Target[] | undefined {
  const newest = models().toSorted((a, b) => createdAtS(b) - createdAtS(a));
  for (const { clientName } of newest.slice(0, MOST_MODELS)) {
    const targets = router.route(clientName + suffix);
    if (canServe(targets)) return targets;
  }
  return undefined;
}

function createdAtS({ info }: RegisteredModel): number {
  return info?.createdAtS ?? 0;
}
