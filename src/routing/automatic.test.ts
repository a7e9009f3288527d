import { describe, expect, it } from 'vitest';
import type { RegisteredModel } from '../models/registered-model.ts';
import { createAutomaticRoute } from './automatic.ts';
import type { Router } from './route.ts';
import type { Target } from './target.ts';

const dates = { old: 1, newest: 3, middle: 2, undated: undefined } as const;

function modelOf([clientName, createdAtS]: readonly [string, number | undefined]): RegisteredModel {
  // cast: only the name and the date are looked at
  return { clientName, upstreamName: clientName, info: { createdAtS } } as unknown as RegisteredModel;
}

/** `paused`: names of models that nobody may be asked for. `own`: the user gave a model the name `auto`. */
function setUp(paused: readonly string[], own = false) {
  const arrays = new Map<string, readonly Target[]>();
  const asked: string[] = [];
  const route: Router['route'] = (name) => {
    asked.push(name);
    const real = name.startsWith('auto') && !own ? name.replace('auto', 'newest') : name;
    // cast: a target is only compared here
    const targets = arrays.get(real) ?? [{ model: real } as Target];
    arrays.set(real, targets);
    return targets;
  };
  const auto = createAutomaticRoute({
    router: {
      route,
      resolve: (name) => ({ by: own ? 'name' : 'auto', base: name, targets: route(name) }),
      names: () => [],
    },
    models: () => Object.entries(dates).map(modelOf),
    canServe: (targets) => !targets.some(({ model }) => paused.includes(model.replace(/\(.*/, ''))),
  });
  return { auto, route, asked };
}

const named = (targets: readonly Target[]): (string | undefined)[] => targets.map(({ model }) => model);

describe('auto', () => {
  it('is the newest model', () => {
    const { auto, asked } = setUp([]);
    expect(named(auto('auto'))).toEqual(['newest']);
    expect(asked).toEqual(['auto']);
  });

  it('is the newest one that somebody can serve, with the same reasoning', () => {
    const { auto, route } = setUp(['newest', 'middle']);
    expect(named(auto('auto'))).toEqual(['old']);
    expect(auto('auto(high)')).toBe(route('old(high)'));
  });

  it('stays the newest when nobody can serve any', () => {
    expect(named(setUp(Object.keys(dates)).auto('auto'))).toEqual(['newest']);
  });

  it('leaves other names and a model of that name alone', () => {
    expect(named(setUp(['newest']).auto('newest'))).toEqual(['newest']);
    expect(named(setUp(['auto'], true).auto('auto'))).toEqual(['auto']);
  });
});
