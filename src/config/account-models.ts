import type { ErrorRule, ModelAlias } from '../credentials/credential.ts';
import { errorRules } from '../credentials/error-rule.ts';
import { trimSlashes } from '../providers/provider.ts';
import type { AccountModelsConfig } from './schema/account-models.ts';

/**
 * The aliases per provider. Entries that name nothing new are left out, and so are those whose alias the provider has
 * already: one alias of a provider means one model.
 */
export function accountAliases(config: AccountModelsConfig): ReadonlyMap<string, readonly ModelAlias[]> {
  return byProvider(config['oauth-model-alias'], (entries) => {
    const taken = new Set<string>();
    return entries.flatMap((entry): ModelAlias[] => {
      const key = entry.alias.toLowerCase();
      if (entry.name === '' || key === '' || key === entry.name.toLowerCase() || taken.has(key)) return [];
      taken.add(key);
      const displayName = entry['display-name'] === '' ? {} : { displayName: entry['display-name'] };
      return [
        {
          name: entry.name,
          alias: entry.alias,
          fork: entry.fork,
          forceMapping: entry['force-mapping'],
          ...displayName,
        },
      ];
    });
  });
}

/** The exclusions per provider. */
export function accountExclusions(config: AccountModelsConfig): ReadonlyMap<string, readonly string[]> {
  return byProvider(config['oauth-excluded-models'], (patterns) => patterns.map((pattern) => pattern.toLowerCase()));
}

/** Where accounts are served instead, per provider. */
export function accountUpstreams(config: AccountModelsConfig): ReadonlyMap<string, string> {
  const urls = Object.entries(config['oauth-upstream']);
  return new Map(urls.map(([provider, url]) => [provider.trim().toLowerCase(), trimSlashes(url.trim())]));
}

/** What errors of accounts mean, per provider. */
export function accountErrorRules(config: AccountModelsConfig): ReadonlyMap<string, readonly ErrorRule[]> {
  return byProvider(config['oauth-request-scoped-errors'], errorRules);
}

function byProvider<T, R>(
  record: Readonly<Record<string, readonly T[]>>,
  read: (entries: readonly T[]) => readonly R[],
): ReadonlyMap<string, readonly R[]> {
  return new Map(Object.entries(record).map(([provider, entries]) => [provider.trim().toLowerCase(), read(entries)]));
}
