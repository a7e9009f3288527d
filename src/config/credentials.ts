import type { Credential } from '../credentials/credential.ts';
import { entryBaseUrl, type Manifest } from '../providers/provider.ts';
import { assignIds, type CredentialDraft, credentialModels, draftCredential } from './build-credential.ts';
import { type Synthesis, synthesizeCompatibility } from './compatibility.ts';
import { unusableReason } from './entry-checks.ts';
import { type Environment, environmentCredentials } from './environment-keys.ts';
import { disabledProviders, synthesizeProviderEntries } from './provider-entries.ts';
import { type Config, keySections } from './schema.ts';

/**
 * All credentials that the configuration and the environment give, with the providers that exist only because of them.
 * A key in the environment counts only for a provider that the configuration gives no credential.
 */
export function synthesize(config: Config, manifests: readonly Manifest[], env: Environment): Synthesis<Credential> {
  const disabled = disabledProviders(config, manifests);
  const active = manifests.filter((manifest) => !disabled.has(manifest.id));
  const taken = new Set(manifests.map((manifest) => manifest.id));
  const compatible = synthesizeCompatibility(config, taken);
  const entries = synthesizeProviderEntries(config, active, taken, env);
  const configured = [...sectionCredentials(config, active), ...compatible.credentials, ...entries.credentials];
  const served = new Set(configured.map((credential) => credential.provider));
  const fromEnvironment = environmentCredentials(
    active.filter((manifest) => !served.has(manifest.id)),
    env,
  );
  return {
    manifests: [...compatible.manifests, ...entries.manifests],
    credentials: assignIds([...configured, ...fromEnvironment]),
    warnings: [...compatible.warnings, ...entries.warnings],
  };
}

/** The credentials alone. */
export function credentialsFromConfig(config: Config, manifests: readonly Manifest[], env: Environment): Credential[] {
  return [...synthesize(config, manifests, env).credentials];
}

function sectionCredentials(config: Config, manifests: readonly Manifest[]): CredentialDraft[] {
  return manifests.flatMap((manifest) => {
    const section = keySections.find((name) => name === manifest.configSection);
    if (section === undefined) return [];
    return config[section].flatMap((entry, index) => {
      if (unusableReason(section, entry) !== undefined) return [];
      const facts = {
        provider: manifest.id,
        source: `config:${section}[${index}]`,
        key: entry['api-key'],
        name: `${manifest.label} ${index + 1}`,
        baseUrl: entryBaseUrl(entry['base-url'], manifest),
        proxyUrl: entry['proxy-url'],
        prefix: entry.prefix,
        headers: entry.headers,
        priority: entry.priority,
        weight: entry.weight,
        models: credentialModels(entry.models),
        excludedModels: entry['excluded-models'],
      };
      const draft = draftCredential(facts, entry);
      return [
        {
          ...draft,
          ...('websockets' in entry && entry.websockets && { websockets: true }),
          ...('rebuild-mid-system-message' in entry &&
            entry['rebuild-mid-system-message'] && { liftsSystemMessages: true }),
        },
      ];
    });
  });
}
