import type { Credential } from '../credentials/credential.ts';
import { type AccountModels, withAccountRules } from '../models/account-models.ts';
import { clientModels } from '../models/alias.ts';
import { createCatalog } from '../models/catalog.ts';
import { createModelRegistry, type ModelRegistry } from '../models/registry.ts';
import type { MakerSource } from '../pipeline/signatures/maker.ts';
import type { Provenance } from '../pipeline/signatures/provenance.ts';
import { builtInCredentials } from '../providers/index.ts';
import type { Manifest } from '../providers/provider.ts';
import { createRouter, type Router } from '../routing/route.ts';
import { servedManifest } from '../routing/served-manifest.ts';

/** Who serves which models under one configuration. Accounts come and go; everything else stays as it is. */
export interface Roster {
  readonly registry: ModelRegistry;
  readonly router: Router;
  /** By id. */
  readonly credentials: ReadonlyMap<string, Credential>;
  /** There is no credential of the user's: only the built-in echo model answers. */
  readonly echoOnly: boolean;
  /** Adds a credential or puts it in place of the one with its id. One of a provider that does not exist is ignored. */
  put(credential: Credential): void;
  remove(credentialId: string): void;
}

/** What a roster is made of. */
export interface RosterOptions {
  /** Every manifest in use, by preference. */
  readonly manifests: readonly Manifest[];
  readonly forceModelPrefix: boolean;
  /** Accounts may spend what costs credits beyond their plan; absent: they may not. */
  readonly spendsCredits?: boolean;
  readonly accounts: AccountModels;
  /** Learns whose signatures there may be. */
  readonly provenance: Provenance;
}

/** Only the built-in credentials yet. */
export function createRoster(options: RosterOptions): Roster {
  const { manifests, forceModelPrefix, accounts, provenance } = options;
  const registry = createModelRegistry();
  const catalog = createCatalog(manifests);
  const credentials = new Map<string, Credential>();
  const byId = new Map(manifests.map((manifest) => [manifest.id, manifest]));
  let echoOnly = true;

  function add(credential: Credential): MakerSource | undefined {
    const manifest = byId.get(credential.provider);
    if (manifest === undefined) return undefined;
    const provider = servedManifest(manifest, credential);
    const known = withAccountRules(credential, accounts);
    credentials.set(known.id, known);
    registry.registerClient(known.id, provider.id, clientModels(known, provider, { catalog, forceModelPrefix }));
    return { credential: known, provider };
  }

  function drop(id: string): void {
    if (credentials.delete(id)) registry.unregisterClient(id);
  }

  for (const credential of builtInCredentials) add(credential);
  return {
    registry,
    credentials,
    router: createRouter({ registry, manifests, credentialsById: credentials, catalog, forceModelPrefix }),
    get echoOnly() {
      return echoOnly;
    },
    put(credential) {
      if (!byId.has(credential.provider) || (credential.spendsCredits === true && options.spendsCredits !== true))
        return;
      if (echoOnly) for (const { id } of builtInCredentials) drop(id);
      echoOnly = false;
      const source = add(credential);
      // The built-in ones sign nothing: with them in it, one provider would be searched for the signatures of two.
      if (source !== undefined) provenance.know(source);
    },
    remove(id) {
      drop(id);
      if (credentials.size > 0 || echoOnly) return;
      echoOnly = true;
      for (const credential of builtInCredentials) add(credential);
    },
  };
}
