import type { Manifest } from '../providers/provider.ts';
import { type CredentialDraft, draftCredential } from './build-credential.ts';
import { isExampleKey } from './example-keys.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The provider's key in the environment: the first of its variables that is set. */
export function environmentKey(manifest: Manifest, env: Environment): { secret: string; source: string } | undefined {
  for (const method of manifest.auth) {
    if (method.type !== 'api-key') continue;
    for (const name of method.env) {
      const secret = env[name]?.trim() ?? '';
      if (secret !== '' && !isExampleKey(secret)) return { secret, source: `env:${name}` };
    }
  }
  return undefined;
}

/** A credential for every provider whose key is in the environment. */
export function environmentCredentials(manifests: readonly Manifest[], env: Environment): CredentialDraft[] {
  return manifests.flatMap((manifest) => {
    const found = environmentKey(manifest, env);
    if (found === undefined) return [];
    return [
      draftCredential({
        provider: manifest.id,
        source: found.source,
        key: found.secret,
        name: manifest.label,
        baseUrl: '',
        proxyUrl: '',
        prefix: '',
        headers: {},
        priority: 0,
        weight: 1,
        models: [],
        excludedModels: [],
      }),
    ];
  });
}
