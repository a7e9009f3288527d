import type { Credential, ErrorRule, ModelAlias } from '../credentials/credential.ts';
import type { ModelInfo } from './model-info.ts';
import type { RegisteredModel } from './registered-model.ts';

/** What the configuration says of all logged-in accounts of a provider, by the provider's id. */
export interface AccountModels {
  readonly aliases: ReadonlyMap<string, readonly ModelAlias[]>;
  /** Patterns in lower case. */
  readonly excluded: ReadonlyMap<string, readonly string[]>;
  /** What errors mean; absent: what they say. */
  readonly errorRules?: ReadonlyMap<string, readonly ErrorRule[]>;
  /** Base URLs; absent: their usual ones. */
  readonly upstreams?: ReadonlyMap<string, string>;
}

/**
 * An account with what the configuration says of its provider's accounts; other credentials as they are. An alias of
 * the account's own comes first.
 */
export function withAccountRules(credential: Credential, accounts: AccountModels): Credential {
  if (credential.kind !== 'account') return credential;
  const own = credential.modelAliases ?? [];
  const taken = new Set(own.map(({ alias }) => alias.toLowerCase()));
  const shared = accounts.aliases.get(credential.provider) ?? [];
  const rules = [...(credential.errorRules ?? []), ...(accounts.errorRules?.get(credential.provider) ?? [])];
  const baseUrl = accounts.upstreams?.get(credential.provider);
  return {
    ...credential,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    modelAliases: [...own, ...shared.filter(({ alias }) => !taken.has(alias.toLowerCase()))],
    excludedModels: [...credential.excludedModels, ...(accounts.excluded.get(credential.provider) ?? [])],
    ...(rules.length === 0 ? {} : { errorRules: rules }),
  };
}

/** Whether the aliases of a credential take this name away from its model. */
export function isRenamed(name: string, aliases: readonly ModelAlias[] = []): boolean {
  const own = aliases.filter((alias) => alias.name.toLowerCase() === name.toLowerCase());
  return own.length > 0 && !own.some(({ fork }) => fork);
}

/**
 * Models under their aliases. A model with an alias loses its own name unless one of its aliases keeps it (`fork`); an
 * alias of a model that is in no list adds it, as the user knows of it.
 */
export function withAliases(
  models: readonly RegisteredModel[],
  aliases: readonly ModelAlias[],
  find: (name: string) => ModelInfo | undefined,
): readonly RegisteredModel[] {
  if (aliases.length === 0) return models;
  const byName = Map.groupBy(aliases, ({ name }) => name.toLowerCase());
  const listed = models.flatMap((model) => {
    const own = byName.get(model.upstreamName.toLowerCase());
    if (own === undefined) return [model];
    const named = own.map((alias) => aliased(model, alias));
    return own.some(({ fork }) => fork) ? [model, ...named] : named;
  });
  const known = new Set(models.map((model) => model.upstreamName.toLowerCase()));
  const added = aliases
    .filter(({ name }) => !known.has(name.toLowerCase()))
    .map((alias) =>
      aliased({ clientName: alias.name, upstreamName: alias.name, info: find(alias.name), forceMapping: false }, alias),
    );
  return [...listed, ...added];
}

function aliased(model: RegisteredModel, { alias, forceMapping, displayName }: ModelAlias): RegisteredModel {
  const { info } = model;
  const named = displayName === undefined ? info : { id: model.upstreamName, ...info, displayName };
  return { ...model, clientName: alias, forceMapping, info: named };
}
