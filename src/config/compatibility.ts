import { defineProvider, type Manifest, trimSlashes } from '../providers/provider.ts';
import { type CredentialDraft, credentialModels, draftCredential } from './build-credential.ts';
import { unusableReason } from './entry-checks.ts';
import { isExampleKey } from './example-keys.ts';
import type { CompatibilityEntry, CompatibilityKey } from './schema/provider-keys.ts';
import type { Config } from './schema.ts';
import type { ConfigWarning } from './warning.ts';

/** Providers, credentials and warnings that a part of the configuration gives. */
export interface Synthesis<C> {
  readonly manifests: readonly Manifest[];
  readonly credentials: readonly C[];
  readonly warnings: readonly ConfigWarning[];
}

const section = 'openai-compatibility';

/** A provider for a server that speaks OpenAI Chat; its base URL includes the version path. */
export function compatibleManifest(
  id: string,
  label: string,
  baseUrl: string,
  needsKey: boolean,
  takesCacheKey = false,
): Manifest {
  return defineProvider({
    id,
    label,
    kind: 'local',
    auth: [needsKey ? { type: 'api-key', env: [], header: { type: 'bearer' } } : { type: 'none' }],
    baseUrl: trimSlashes(baseUrl),
    endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
    // What every copy of the API understands: llama.cpp ignores max_completion_tokens and fails on developer.
    quirks: {
      maxTokensField: 'max_tokens',
      noDeveloperRole: true,
      ...(takesCacheKey && { promptCacheKey: { 'openai-chat': 'prompt_cache_key' } }),
    },
    models: [],
  });
}

/** An id for a provider the user named: lower case with dashes, unlike any in `taken`. */
export function providerId(name: string, taken: ReadonlySet<string>): string {
  const slug =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'server';
  if (!taken.has(slug)) return slug;
  const long = `openai-compatible-${slug}`;
  if (!taken.has(long)) return long;
  for (let count = 2; ; count++) if (!taken.has(`${long}-${count}`)) return `${long}-${count}`;
}

/** One provider per enabled entry of `openai-compatibility`, and one credential per key of it. */
export function synthesizeCompatibility(config: Config, taken: Set<string>): Synthesis<CredentialDraft> {
  const manifests: Manifest[] = [];
  const credentials: CredentialDraft[] = [];
  const warnings: ConfigWarning[] = [];
  for (const [index, entry] of config[section].entries()) {
    if (entry.disabled || unusableReason(section, entry) !== undefined) continue;
    const path = `${section}[${index}]`;
    const keys = usableKeys(entry, path, warnings);
    if (keys === undefined) continue;
    const id = providerId(entry.name, taken);
    taken.add(id);
    manifests.push(
      compatibleManifest(
        id,
        entry.name,
        entry['base-url'],
        keys.some((key) => key['api-key'] !== ''),
        entry['support-prompt-cache-key'],
      ),
    );
    credentials.push(
      ...keys.map((key, position) =>
        draft(entry, key, id, key['api-key'] === '' ? `config:${path}` : `config:${path}.api-key-entries[${position}]`),
      ),
    );
    if (entry.models.length === 0 && entry.prefix === '') {
      const message = `${path} lists no models and has no prefix: no request can reach it; list them under models`;
      warnings.push({ path, message });
    }
  }
  return { manifests, credentials, warnings };
}

/** The keys to use; one empty key for a server that needs none; undefined when only example keys are left. */
function usableKeys(
  entry: CompatibilityEntry,
  path: string,
  warnings: ConfigWarning[],
): readonly CompatibilityKey[] | undefined {
  const keys = entry['api-key-entries'];
  if (keys.length === 0) return [{ 'api-key': '', weight: 1, 'proxy-url': '' }];
  const usable = keys.filter((key) => !isExampleKey(key['api-key']));
  if (usable.length < keys.length) {
    warnings.push({ path, message: `${path} has an api-key from the documentation, which is ignored` });
  }
  return usable.length === 0 ? undefined : usable;
}

function draft(entry: CompatibilityEntry, key: CompatibilityKey, provider: string, source: string): CredentialDraft {
  const facts = {
    provider,
    source,
    key: key['api-key'],
    name: entry.name,
    // The manifest has the entry's address already.
    baseUrl: '',
    proxyUrl: key['proxy-url'],
    prefix: entry.prefix,
    headers: entry.headers,
    priority: entry.priority,
    weight: key.weight,
    models: credentialModels(entry.models),
    excludedModels: [],
  };
  return draftCredential(facts, entry);
}
