import type { Credential, CredentialModel } from '../credentials/credential.ts';
import type { Manifest } from '../providers/provider.ts';
import { withAliases } from './account-models.ts';
import type { Catalog } from './catalog.ts';
import type { ModelInfo } from './model-info.ts';
import type { RegisteredModel } from './registered-model.ts';

/** Settings that decide which names a credential's models have. */
export interface ClientModelsOptions {
  readonly catalog: Catalog;
  /** A credential with a prefix offers its models under the prefix only (`force-model-prefix`). */
  readonly forceModelPrefix: boolean;
}

type SharedLists = Map<string, readonly RegisteredModel[]>;

// Keys that differ in nothing but the secret get the same array, which the registry indexes once.
const shared = new WeakMap<Catalog, WeakMap<object, SharedLists>>();

/**
 * The models that a credential offers: its own list or the manifest's, without the excluded, then the aliases of
 * accounts, then the prefix.
 */
export function clientModels(
  credential: Credential,
  manifest: Manifest,
  options: ClientModelsOptions,
): readonly RegisteredModel[] {
  const catalogue = catalogueOf(credential, manifest);
  const lists = sharedLists(options.catalog, credential.models ?? catalogue);
  const aliases = (credential.modelAliases ?? []).filter(({ name }) => !isExcluded(name, credential.excludedModels));
  const key = JSON.stringify([
    manifest.id,
    credential.prefix ?? null,
    options.forceModelPrefix,
    credential.excludedModels,
    aliases,
  ]);
  const known = lists.get(key);
  if (known !== undefined) return known;
  const own = baseModels(credential, manifest, options.catalog, catalogue);
  const models = prefixed(
    withAliases(own, aliases, (name) => options.catalog.find(name, manifest.id)),
    credential.prefix,
    options.forceModelPrefix,
  );
  lists.set(key, models);
  return models;
}

/** Whether a model id or alias matches one of the patterns: exact or with `*` for any run, case does not matter. */
export function isExcluded(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => wildcard(pattern).test(name));
}

function sharedLists(catalog: Catalog, source: object): SharedLists {
  const ofCatalog = shared.get(catalog) ?? new WeakMap<object, SharedLists>();
  shared.set(catalog, ofCatalog);
  const lists = ofCatalog.get(source) ?? new Map();
  ofCatalog.set(source, lists);
  return lists;
}

/** What is known of the models that a credential without a list of its own can use. */
function catalogueOf({ kind, catalogue, plan }: Credential, { account, models }: Manifest): readonly ModelInfo[] {
  if (kind !== 'account') return models;
  return catalogue ?? account?.models?.(plan) ?? models;
}

function baseModels(
  credential: Credential,
  manifest: Manifest,
  catalog: Catalog,
  catalogue: readonly ModelInfo[],
): RegisteredModel[] {
  const models = credential.models?.map((model) => configuredModel(model, manifest, catalog)) ?? catalogue.map(own);
  return models.filter(
    ({ clientName, upstreamName }) =>
      !isExcluded(clientName, credential.excludedModels) && !isExcluded(upstreamName, credential.excludedModels),
  );
}

const own = (info: Manifest['models'][number]): RegisteredModel => ({
  clientName: info.id,
  upstreamName: info.id,
  info,
  forceMapping: false,
});

function configuredModel(model: CredentialModel, manifest: Manifest, catalog: Catalog): RegisteredModel {
  const known = catalog.find(model.name, manifest.id);
  const displayName = model.displayName === undefined ? {} : { displayName: model.displayName };
  const stated = { ...displayName, ...model.info };
  const isKnown = known !== undefined || Object.keys(stated).length > 0;
  return {
    clientName: model.alias ?? model.name,
    upstreamName: model.name,
    info: isKnown ? { ...known, ...stated, id: model.name } : undefined,
    forceMapping: model.forceMapping ?? false,
  };
}

function prefixed(models: readonly RegisteredModel[], prefix: string | undefined, force: boolean): RegisteredModel[] {
  if (prefix === undefined || prefix === '') return [...models];
  return models.flatMap((model) => {
    const named = { ...model, clientName: `${prefix}/${model.clientName}` };
    // A model that is called like the prefix stays reachable under its own name.
    return force && model.clientName !== prefix ? [named] : [model, named];
  });
}

function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}
