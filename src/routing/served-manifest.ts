import type { Credential } from '../credentials/credential.ts';
import type { Manifest } from '../providers/provider.ts';

const made = new WeakMap<Manifest, Manifest>();

/** What a credential is served by: of accounts, the provider with their own address, endpoints and deviations. */
export function servedManifest(provider: Manifest, credential: Pick<Credential, 'kind'>): Manifest {
  const { account } = provider;
  if (credential.kind !== 'account' || account === undefined) return provider;
  let served = made.get(provider);
  if (served === undefined) {
    const { baseUrl = provider.baseUrl, endpoints = provider.endpoints, quirks = provider.quirks } = account;
    served = { ...provider, baseUrl, endpoints, ...(quirks === undefined ? {} : { quirks }) };
    made.set(provider, served);
  }
  return served;
}
