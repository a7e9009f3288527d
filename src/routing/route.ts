import type { Credential } from '../credentials/credential.ts';
import { invalidRequest, ProxyError } from '../errors.ts';
import { reasoningEfforts } from '../ir/reasoning-effort.ts';
import { isRenamed } from '../models/account-models.ts';
import { isExcluded } from '../models/alias.ts';
import type { Catalog } from '../models/catalog.ts';
import type { RegisteredModel } from '../models/registered-model.ts';
import type { ModelRegistry } from '../models/registry.ts';
import { similarModels } from '../models/similar.ts';
import { parseModelSuffix } from '../models/suffix.ts';
import type { Manifest } from '../providers/provider.ts';
import { servedManifest } from './served-manifest.ts';
import type { Target } from './target.ts';

/** Names of unknown models reach the cache too; beyond this many it starts anew. */
const MAX_CACHED_NAMES = 10_000;
/** The client chooses the name: neither the cache nor an error message keeps a long one. */
const MAX_NAME_LENGTH = 200;

/** What a router decides on. The maps may change: the registry's version says when. */
export interface RouterOptions {
  readonly registry: ModelRegistry;
  readonly credentialsById: ReadonlyMap<string, Credential>;
  /** Every manifest in use, built in or configured, by preference. */
  readonly manifests: readonly Manifest[];
  readonly catalog: Catalog;
  /** A credential with a prefix serves unknown models under that prefix only. */
  readonly forceModelPrefix?: boolean;
}

/** Targets live as long as their credentials: when one credential is renewed, all others keep theirs. */
type MadeTargets = WeakMap<Credential, Map<RegisteredModel, Target>>;

interface Routing extends RouterOptions {
  readonly made: MadeTargets;
}

/** By what a name was found. */
export type FoundBy = 'name' | 'auto' | 'prefix' | 'provider' | 'family';

/** How a name was understood. */
export interface Resolution {
  readonly by: FoundBy;
  /** Without its `(suffix)`. */
  readonly base: string;
  readonly targets: readonly Target[];
}

/** Finds who can serve a model. */
export interface Router {
  /**
   * Every way to serve the model, the most preferred first; the same array until the registry changes. Tried in turn:
   * the exact name, the name without its `(suffix)`, `prefix/model`, `provider/model`, a provider that serves the
   * name's family. Throws `model_not_found` with up to three similar names.
   */
  route(name: string): readonly Target[];
  /** The same with how it was found, for those who ask why. */
  resolve(name: string): Resolution;
  /** What was asked for and found, in the order of the first time. */
  names(): readonly string[];
}

/** A router over these credentials; forgets nothing but what the registry's version outdates. */
export function createRouter(given: RouterOptions): Router {
  const options: Routing = { ...given, made: new WeakMap() };
  const { registry } = options;
  const cache = new Map<string, readonly Target[]>();
  let version = registry.version;

  const router: Router = {
    route(name) {
      if (registry.version !== version) {
        cache.clear();
        version = registry.version;
      }
      const known = cache.get(name);
      if (known !== undefined) return known;
      const { targets } = resolveName(name, options);
      if (name.length > MAX_NAME_LENGTH) return targets;
      if (cache.size >= MAX_CACHED_NAMES) cache.clear();
      cache.set(name, targets);
      return targets;
    },
    resolve: (name) => ({ ...resolveName(name, options), targets: router.route(name) }),
    names: () => [...cache.keys()],
  };
  return router;
}

function resolveName(name: string, options: Routing): Resolution {
  const exact = registered(name, options);
  if (exact.length > 0) return { by: 'name', base: name, targets: exact };
  const { base, reasoning, unknown } = parseModelSuffix(name);
  if (unknown !== undefined) return literal(name, base, options);
  for (const [by, find] of [...listed, ...open]) {
    const targets = find(base, options);
    if (targets.length === 0) continue;
    return { by, base, targets: reasoning === undefined ? targets : targets.map((one) => ({ ...one, reasoning })) };
  }
  throw notFound(name, base, options);
}

type Find = readonly [FoundBy, (name: string, options: Routing) => readonly Target[]];

const listed: readonly Find[] = [
  ['name', registered],
  ['auto', automatic],
];
const open: readonly Find[] = [
  ['prefix', byPrefix],
  ['provider', byProvider],
  ['family', byFamily],
];

/**
 * Parentheses that say nothing of reasoning. They are part of the name where the provider may know a model of that name;
 * where the name without them is a known model they are a mistake, which nobody would notice if they were dropped.
 */
function literal(name: string, base: string, options: Routing): Resolution {
  const isListed = listed.some(([, find]) => find(base, options).length > 0);
  const known = open.flatMap(([, find]) => find(base, options)).some(({ info }) => info !== undefined);
  if (isListed || known) throw unknownSuffix(name, base);
  for (const [by, find] of open) {
    const targets = find(name, options);
    if (targets.length > 0) return { by, base: name, targets };
  }
  throw notFound(name, base, options);
}

function unknownSuffix(name: string, base: string): ProxyError {
  const suffix = name.slice(base.length, base.length + MAX_NAME_LENGTH);
  const valid = [...reasoningEfforts, 'auto'].join(', ');
  return invalidRequest(
    'model',
    `"${suffix}" says nothing of reasoning; in parentheses: ${valid}, or a number of tokens`,
  );
}

function registered(name: string, { registry, credentialsById, manifests, made }: Routing): readonly Target[] {
  const targets: Target[] = [];
  let provider = manifests[0];
  for (const { clientId, providerId, model } of registry.lookup(name)) {
    const credential = credentialsById.get(clientId);
    // Those of one provider come one after the other.
    if (provider?.id !== providerId) provider = manifests.find((manifest) => manifest.id === providerId);
    if (credential === undefined || provider === undefined) continue;
    targets.push(targetOf(credential, servedManifest(provider, credential), model, made));
  }
  return targets;
}

function targetOf(credential: Credential, provider: Manifest, model: RegisteredModel, made: MadeTargets): Target {
  const ofCredential = made.get(credential) ?? new Map<RegisteredModel, Target>();
  const known = ofCredential.get(model);
  if (known !== undefined) return known;
  const { upstreamName, info, forceMapping } = model;
  const target = { credential, provider, model: upstreamName, info, forceMapping };
  ofCredential.set(model, target);
  made.set(credential, ofCredential);
  return target;
}

/** `auto`: the newest model on offer, the first of those without a date. */
function automatic(name: string, options: Routing): readonly Target[] {
  if (name !== 'auto') return [];
  const models = options.registry.list();
  const newest = Math.max(...models.map((model) => model.info?.createdAtS ?? 0));
  const first = models.find((model) => (model.info?.createdAtS ?? 0) === newest);
  return first === undefined ? [] : registered(first.clientName, options);
}

/** `prefix/model` where the model is in no list: credentials with that prefix and no list of their own take any. */
function byPrefix(name: string, options: Routing): readonly Target[] {
  const [prefix, model] = splitOnce(name);
  if (model === '') return [];
  return openCredentials(options)
    .filter(({ credential }) => credential.prefix === prefix)
    .flatMap((open) => passThrough(open, model, options));
}

/** `provider/model`: the user chose the provider; what its credentials list by that name, else any id. */
function byProvider(name: string, options: Routing): readonly Target[] {
  const [id, model] = splitOnce(name);
  if (model === '' || !options.manifests.some((manifest) => manifest.id === id)) return [];
  const listed = registered(model, options).filter((target) => target.provider.id === id);
  if (listed.length > 0) return listed;
  return openCredentials(options)
    .filter(({ provider }) => provider.id === id)
    .flatMap((open) => passThrough(open, model, options));
}

/** A model newer than the catalogue, of a family that the provider makes: `claude-*`, `gpt-*`. */
function byFamily(name: string, options: Routing): readonly Target[] {
  return openCredentials(options)
    .filter(({ provider }) => provider.modelPrefixes?.some((prefix) => name.startsWith(prefix)))
    .filter(({ credential }) => options.forceModelPrefix !== true || credential.prefix === undefined)
    .flatMap((open) => passThrough(open, name, options));
}

interface OpenCredential {
  readonly credential: Credential;
  readonly provider: Manifest;
}

/** Credentials without a list of their own, by preference of their providers. */
function openCredentials({ manifests, credentialsById }: RouterOptions): OpenCredential[] {
  const credentials = [...credentialsById.values()].filter((credential) => credential.models === undefined);
  return manifests.flatMap((provider) =>
    credentials
      .filter((credential) => credential.provider === provider.id)
      .map((credential) => ({ credential, provider: servedManifest(provider, credential) })),
  );
}

function passThrough(open: OpenCredential, model: string, { catalog }: RouterOptions): Target[] {
  const { excludedModels, modelAliases } = open.credential;
  if (isExcluded(model, excludedModels) || isRenamed(model, modelAliases)) return [];
  return [{ ...open, model, info: catalog.find(model, open.provider.id), forceMapping: false }];
}

function splitOnce(name: string): readonly [string, string] {
  const slash = name.indexOf('/');
  return slash <= 0 ? ['', ''] : [name.slice(0, slash), name.slice(slash + 1)];
}

function notFound(name: string, base: string, options: RouterOptions): ProxyError {
  const similar = similarModels(
    base,
    options.registry.list().map((model) => model.clientName),
  );
  const hints = [missingKeyHint(base, options), similarHint(similar)].filter((hint) => hint !== '');
  if (hints.length === 0) hints.push('GET /v1/models lists those that are');
  const message = `model "${name.slice(0, MAX_NAME_LENGTH)}" is not available; ${hints.join('; ')}`;
  return new ProxyError('model_not_found', message, { path: 'model' });
}

/** The commonest reason: the model is known, but its provider has no key. */
function missingKeyHint(name: string, { manifests, credentialsById }: RouterOptions): string {
  const provider = manifests.find(
    (manifest) => manifest.models.some((model) => model.id === name) || name.startsWith(`${manifest.id}/`),
  );
  // With a credential, the user has excluded the model or listed others.
  if ([...credentialsById.values()].some((credential) => credential.provider === provider?.id)) return '';
  const key = provider?.auth.find((auth) => auth.type === 'api-key');
  if (provider === undefined || key?.env[0] === undefined) return '';
  return `no usable credential for ${provider.label} (set ${key.env[0]} or add one to the configuration)`;
}

function similarHint(similar: readonly string[]): string {
  return similar.length === 0 ? '' : `similar: ${similar.join(', ')}`;
}
