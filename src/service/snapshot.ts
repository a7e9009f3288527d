import { configApiKeyAccess } from '../access/config-api-key.ts';
import { type AccessManager, createAccessManager } from '../access/manager.ts';
import { loopbackOriginAccess } from '../access/web-origin.ts';
import { accountAliases, accountErrorRules, accountExclusions, accountUpstreams } from '../config/account-models.ts';
import type { Synthesis } from '../config/compatibility.ts';
import type { LoadedConfig } from '../config/load.ts';
import { clientSecrets } from '../config/oauth-clients.ts';
import type { Config } from '../config/schema.ts';
import type { Credential } from '../credentials/credential.ts';
import { proxyPassword, secretsOf } from '../credentials/secrets.ts';
import { createForward, type Forward } from '../pipeline/forward.ts';
import { createPipeline, type Pipeline } from '../pipeline/generate.ts';
import { Provenance } from '../pipeline/signatures/provenance.ts';
import type { Steps } from '../pipeline/steps.ts';
import { providers } from '../providers/index.ts';
import type { Manifest } from '../providers/provider.ts';
import { proxiesOfEnvironment } from '../upstream/proxy-environment.ts';
import type { Accounts } from './accounts.ts';
import { fallbackWarnings } from './fallback-warnings.ts';
import { type ModelBook, modelBook } from './model-book.ts';
import { pipelineOptions } from './pipeline-options.ts';
import { createRoster, type Roster } from './roster.ts';
import type { Runtime } from './runtime.ts';
import type { Upstream } from './upstreams.ts';

/** Everything that derives from one configuration. A request that began under it ends under it. */
export interface Snapshot {
  readonly config: Config;
  /** Every manifest in use, by preference. */
  readonly manifests: readonly Manifest[];
  readonly roster: Roster;
  readonly models: ModelBook;
  readonly access: AccessManager;
  readonly upstream: Upstream;
  readonly pipeline: Pipeline;
  readonly forward: Forward;
  readonly warnings: readonly string[];
}

/** The snapshot that new requests begin under: read anew for each of them, swapped by one assignment. */
export interface Current {
  readonly snapshot: Snapshot;
}

/** What a snapshot is made of. */
export interface SnapshotSource {
  readonly loaded: LoadedConfig;
  /** What the configuration and the environment give. */
  readonly found: Synthesis<Credential>;
  /** Logged-in accounts; the snapshot's roster follows them until it leaves. */
  readonly accounts: Pick<Accounts, 'join' | 'renew'> | undefined;
}

/** So many credentials are registered before others may have their turn. */
const CREDENTIALS_PER_STEP = 10;

/** Makes a snapshot, in parts; nothing of it is in use before {@link Runtime.adopt}. */
export function* snapshotSteps({ loaded, found, accounts }: SnapshotSource, runtime: Runtime): Steps<Snapshot> {
  const { config } = loaded;
  const manifests = [...found.manifests, ...providers];
  const provenance = new Provenance([], runtime.signatureIndex);
  const roster = createRoster({
    manifests,
    forceModelPrefix: config['force-model-prefix'],
    spendsCredits: config['quota-exceeded']['antigravity-credits'],
    accounts: {
      aliases: accountAliases(config),
      upstreams: accountUpstreams(config),
      excluded: accountExclusions(config),
      errorRules: accountErrorRules(config),
    },
    provenance,
  });
  yield;
  const secrets = [...config['api-keys'], ...proxyPasswords(config, runtime), ...appSecrets(config, runtime)];
  for (const [index, credential] of found.credentials.entries()) {
    roster.put(credential);
    secrets.push(...secretsOf(credential));
    if (index % CREDENTIALS_PER_STEP === 0) yield;
  }
  const upstream = runtime.upstreams.of(config);
  const { registry: models, router } = roster;
  const options = pipelineOptions(config, { models, router, upstream, provenance, accounts }, runtime);
  const pipeline = createPipeline(options);
  yield* runtime.mask(secrets);
  // Nothing after it fails: a roster that nobody uses would be kept up to date forever.
  if (accounts !== undefined) yield* accounts.join(roster);
  return {
    config,
    manifests,
    roster,
    models: modelBook(roster, manifests),
    access: createAccessManager([configApiKeyAccess(config['api-keys']) ?? loopbackOriginAccess()]),
    upstream,
    pipeline,
    forward: createForward(options),
    warnings: [...found.warnings.map((warning) => warning.message), ...fallbackWarnings(config, roster)],
  };
}

function appSecrets(config: Config, { env }: Runtime): string[] {
  return clientSecrets(
    config,
    providers.map(({ id }) => id),
    env,
  );
}

function proxyPasswords(config: Config, { env }: Runtime): string[] {
  return [config['proxy-url'], ...proxiesOfEnvironment(env)].map(proxyPassword);
}
