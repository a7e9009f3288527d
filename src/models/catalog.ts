import type { Manifest } from '../providers/provider.ts';
import type { ModelInfo } from './model-info.ts';

/** What is known of models, over all providers. */
export interface Catalog {
  /**
   * The model of that id: the provider's own entry first, then any provider's. Dates, versions and `-latest` count as
   * the same model (`claude-haiku-4-5` finds `claude-haiku-4-5-20251001`); a different member of a family does not.
   */
  find(id: string, providerId?: string): ModelInfo | undefined;
}

// -20250929, -2025-09-29, @20250929, -001, -09-2025, -latest, -preview, -exp, and chains of them.
const VARIANT = /(?:[-@](?:\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|0\d{2}|latest|preview|exp))+$/;

/** The catalogue of these providers' models; earlier providers win over later ones. */
export function createCatalog(providers: readonly Manifest[]): Catalog {
  const everywhere = new Index();
  const byProvider = new Map<string, Index>();
  for (const provider of providers) {
    const own = new Index();
    for (const model of provider.models) {
      own.add(model);
      // Which endpoints serve a model says nothing about another provider's.
      const { dialects: _, ...info } = model;
      everywhere.add(info);
    }
    byProvider.set(provider.id, own);
  }

  return {
    find: (id, providerId) =>
      (providerId === undefined ? undefined : byProvider.get(providerId)?.find(id)) ?? everywhere.find(id),
  };
}

class Index {
  readonly #exact = new Map<string, ModelInfo>();
  readonly #family = new Map<string, ModelInfo>();

  add(model: ModelInfo): void {
    const id = normalize(model.id);
    if (!this.#exact.has(id)) this.#exact.set(id, model);
    const family = withoutVariant(id);
    if (!this.#family.has(family)) this.#family.set(family, model);
  }

  find(id: string): ModelInfo | undefined {
    const name = normalize(id);
    return this.#exact.get(name) ?? this.#family.get(withoutVariant(name));
  }
}

/** Lower case, without the `models/` that Gemini clients put in front. */
function normalize(id: string): string {
  const lower = id.toLowerCase();
  return lower.startsWith('models/') ? lower.slice('models/'.length) : lower;
}

function withoutVariant(id: string): string {
  return id.replace(VARIANT, '');
}
