import { z } from 'zod';
import type { ModelAlias } from '../../credentials/credential.ts';
import { field, object, type Shape, textList } from './field.ts';

/** An alias as it is written in the configuration. */
export interface AliasEntry {
  readonly name: string;
  readonly alias: string;
  readonly fork: boolean;
  readonly 'display-name': string;
  readonly 'force-mapping': boolean;
}

/** Names and exclusions of the models of logged-in accounts, per provider. */
export interface AccountModelsConfig {
  readonly 'oauth-model-alias': Readonly<Record<string, readonly AliasEntry[]>>;
  readonly 'oauth-excluded-models': Readonly<Record<string, readonly string[]>>;
}

const alias = object<AliasEntry>({
  name: field(z.string().trim().default(''), 'now', 'Model name of the provider.', { example: 'your-model' }),
  alias: field(z.string().trim().default(''), 'now', 'Name for clients.', { example: 'your-alias' }),
  fork: field(z.boolean().default(false), 'now', 'Keep the original name as well.'),
  'display-name': field(z.string().default(''), 'now', 'Name for people.'),
  'force-mapping': field(z.boolean().default(false), 'now', 'Answers carry the alias.'),
});

/** Keys about the models of logged-in accounts. */
export const accountModelsShape: Shape<AccountModelsConfig> = {
  'oauth-model-alias': field(
    z.record(z.string(), z.array(alias)).default({}),
    'now',
    'Model aliases of logged-in accounts, per provider.',
  ),
  'oauth-excluded-models': field(
    z.record(z.string(), textList()).default({}),
    'now',
    'Models that logged-in accounts do not serve, per provider; * stands for any text.',
  ),
};

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

function byProvider<T, R>(
  record: Readonly<Record<string, readonly T[]>>,
  read: (entries: readonly T[]) => readonly R[],
): ReadonlyMap<string, readonly R[]> {
  return new Map(Object.entries(record).map(([provider, entries]) => [provider.trim().toLowerCase(), read(entries)]));
}
