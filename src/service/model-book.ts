import type { Manifest } from '../providers/provider.ts';
import type { ModelListing } from '../server/routes/models.ts';
import type { Roster } from './roster.ts';

/** The models that clients can ask for. */
export interface ModelBook {
  list(): readonly ModelListing[];
  /** Throws the `model_not_found` that names similar models when nobody serves it. */
  find(name: string): ModelListing;
}

/** The models of a roster as clients see them. */
export function modelBook({ registry, router }: Roster, manifests: readonly Manifest[]): ModelBook {
  const labels = new Map(manifests.map((manifest) => [manifest.id, manifest.label]));
  const listing = (name: string): ModelListing | undefined => {
    const entry = registry.lookup(name)[0];
    if (entry === undefined) return undefined;
    const { info } = entry.model;
    return {
      id: name,
      provider: labels.get(entry.providerId) ?? entry.providerId,
      ...(info === undefined ? {} : { info }),
    };
  };
  return {
    list: () => registry.list().flatMap(({ clientName }) => listing(clientName) ?? []),
    find(name) {
      router.route(name);
      return listing(name) ?? { id: name, provider: 'llmproxy' };
    },
  };
}
