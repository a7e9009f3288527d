import type { CredentialModel } from '../credentials/credential.ts';
import { nearestName } from '../nearest-name.ts';
import { entryBaseUrl, type Manifest } from '../providers/provider.ts';
import { type CredentialDraft, draftCredential, type KeyFacts } from './build-credential.ts';
import { compatibleManifest, providerId, type Synthesis } from './compatibility.ts';
import { isHttpUrl } from './entry-checks.ts';
import { type Environment, environmentKey } from './environment-keys.ts';
import { isExampleKey } from './example-keys.ts';
import type { ProviderEntry } from './schema/providers.ts';
import type { Config } from './schema.ts';
import type { ConfigWarning } from './warning.ts';

/** Ids of the built-in providers that the `providers` map switches off. */
export function disabledProviders(config: Config, known: readonly Manifest[]): Set<string> {
  const ids = new Set(known.map((manifest) => manifest.id));
  return new Set(
    Object.entries(config.providers)
      .filter(([name, entry]) => !entry.enabled && ids.has(name) && (entry.type === '' || entry.type === name))
      .map(([name]) => name),
  );
}

/** Credentials of the `providers` map; an entry of unknown type with an endpoint is a server that speaks OpenAI Chat. */
export function synthesizeProviderEntries(
  config: Config,
  known: readonly Manifest[],
  taken: Set<string>,
  env: Environment,
): Synthesis<CredentialDraft> {
  const manifests: Manifest[] = [];
  const credentials: CredentialDraft[] = [];
  const warnings: ConfigWarning[] = [];
  for (const [name, entry] of Object.entries(config.providers)) {
    if (!entry.enabled) continue;
    const path = `providers.${name}`;
    const warn = (message: string) => warnings.push({ path, message: `${path} ${message}` });
    if (entry['auth-type'] !== 'api_key' && entry['auth-type'] !== 'none') {
      warn('logs in to an account, which is not supported yet; it is ignored');
      continue;
    }
    const type = entry.type === '' ? name : entry.type;
    const builtIn = known.find((manifest) => manifest.id === type.toLowerCase());
    if (builtIn === undefined && entry.endpoint === '') {
      warn(unknownType(type, known));
      continue;
    }
    if (entry.endpoint !== '' && !isHttpUrl(entry.endpoint)) {
      warn('has an endpoint that is not an http or https URL and is ignored; write it as http://host/v1');
      continue;
    }
    const keys = entryKeys(entry, builtIn, env);
    if (keys.length === 0) {
      warn(missingKey(builtIn));
      continue;
    }
    const manifest = builtIn ?? customManifest(name, entry, taken, keys);
    if (builtIn === undefined) manifests.push(manifest);
    credentials.push(...keys.map((key) => draft(name, entry, manifest, key)));
  }
  return { manifests, credentials, warnings };
}

interface EntryKey {
  readonly secret: string;
  readonly source: string | undefined;
}

function entryKeys(entry: ProviderEntry, manifest: Manifest | undefined, env: Environment): EntryKey[] {
  if (entry['auth-type'] === 'none') return [{ secret: '', source: undefined }];
  const own = [entry['api-key'], ...entry['api-keys']].filter((key) => key !== '' && !isExampleKey(key));
  if (own.length > 0) return [...new Set(own)].map((secret) => ({ secret, source: undefined }));
  const found = manifest === undefined ? undefined : environmentKey(manifest, env);
  if (found !== undefined) return [{ secret: found.secret, source: found.source }];
  // A server of the user's own may need no key; a known vendor does.
  return manifest === undefined ? [{ secret: '', source: undefined }] : [];
}

function customManifest(name: string, entry: ProviderEntry, taken: Set<string>, keys: readonly EntryKey[]): Manifest {
  const id = providerId(name, taken);
  taken.add(id);
  return compatibleManifest(
    id,
    name,
    entry.endpoint,
    keys.some((key) => key.secret !== ''),
  );
}

function unknownType(type: string, known: readonly Manifest[]): string {
  const near = nearestName(
    type,
    known.map((manifest) => manifest.id),
  );
  const hint =
    near === undefined ? 'add an endpoint to use it as a server that speaks OpenAI Chat' : `did you mean ${near}?`;
  return `has the unknown type ${type} and is ignored; ${hint}`;
}

function missingKey(manifest: Manifest | undefined): string {
  const names = manifest?.auth.flatMap((method) => (method.type === 'api-key' ? method.env : [])) ?? [];
  const variable = names[0] === undefined ? '' : ` or set ${names[0]}`;
  return `has no key and is ignored; add api-key${variable}`;
}

function draft(name: string, entry: ProviderEntry, manifest: Manifest, key: EntryKey): CredentialDraft {
  const limits = entryLimits(name, entry);
  const facts: KeyFacts = {
    provider: manifest.id,
    source: key.source ?? `config:providers.${name}`,
    key: key.secret,
    name,
    baseUrl: entryBaseUrl(entry.endpoint, manifest),
    proxyUrl: entry['proxy-url'],
    prefix: entry.prefix,
    headers: entry.headers,
    priority: entry.priority,
    weight: entry.weight,
    models: entryModels(entry, manifest),
    excludedModels: entry['excluded-models'],
  };
  const credential = draftCredential(facts, entry);
  return limits === undefined ? credential : { ...credential, limits };
}

/** All keys of an entry count together. */
function entryLimits(name: string, { limits }: ProviderEntry): CredentialDraft['limits'] {
  if (limits === undefined) return undefined;
  return {
    id: `providers.${name}`,
    requestsPerMinute: limits['requests-per-minute'],
    tokensPerMinute: limits['tokens-per-minute'],
    maxTokensPerRequest: limits['max-tokens-per-request'],
    burst: limits.burst,
  };
}

function entryModels(entry: ProviderEntry, manifest: Manifest): CredentialModel[] {
  const listed = entry.models
    .filter((model) => model.enabled)
    .map((model) => {
      const contextLength = model['max-tokens'];
      const tools = model['supports-functions'];
      const info = {
        ...(contextLength === undefined || contextLength === 0 ? {} : { contextLength }),
        ...(tools === undefined ? {} : { capabilities: { tools } }),
      };
      return {
        name: model.name,
        ...(model.alias === '' || model.alias === model.name ? {} : { alias: model.alias }),
        ...(Object.keys(info).length === 0 ? {} : { info }),
      };
    });
  const mapped = Object.entries(entry['model-mappings']).map(([alias, name]) => ({ name, alias }));
  if (mapped.length === 0) return listed;
  // A mapping adds names; it does not take the catalogue away.
  const others = listed.length > 0 ? listed : manifest.models.map((model) => ({ name: model.id }));
  return [...others, ...mapped];
}
