import type { AccountReading } from '../credentials/account-record.ts';
import type { Credential } from '../credentials/credential.ts';
import type { ReasonCode } from '../credentials/reason.ts';
import { isRenamed } from '../models/account-models.ts';
import { isExcluded } from '../models/alias.ts';
import { parseModelSuffix } from '../models/suffix.ts';
import type { Manifest } from '../providers/provider.ts';
import type { Resolution } from '../routing/route.ts';
import type { Accounts } from './accounts.ts';
import type { ExplainedOther } from './explanation.ts';
import type { Snapshot } from './snapshot.ts';

/** Where they are found. */
interface OtherSource {
  readonly snapshot: Snapshot;
  readonly accounts: Pick<Accounts, 'readings' | 'problems'> | undefined;
}

/** Credentials of providers that have the model, which are not asked for it, and accounts that nobody can read. */
export function othersOf(
  model: string,
  found: Resolution | undefined,
  { snapshot, accounts }: OtherSource,
): readonly ExplainedOther[] {
  const names = [...new Set([parseModelSuffix(model).base, ...(found?.targets.map((one) => one.model) ?? [])])];
  const concerned = new Map(
    snapshot.manifests.filter((manifest) => mayServe(manifest, names, found)).map((one) => [one.id, one]),
  );
  const asked = new Set(found?.targets.map(({ credential }) => credential.id));
  const left = [...snapshot.roster.credentials.values()].flatMap((credential): ExplainedOther[] => {
    const manifest = concerned.get(credential.provider);
    const why = manifest && !asked.has(credential.id) ? whyLeftOut(credential, names) : undefined;
    if (manifest === undefined || why === undefined) return [];
    const { label, source } = credential;
    return [{ credential: label, provider: manifest.label, source, reason: reason(...why) }];
  });
  const read = (accounts?.readings() ?? []).flatMap((reading) => otherAccount(reading, concerned) ?? []);
  const unread = (accounts?.problems ?? []).map(
    ({ id, message }): ExplainedOther => ({
      credential: id,
      source: `file:${id}`,
      reason: reason('unusable', message),
    }),
  );
  return [...left, ...read, ...unread];
}

function mayServe(manifest: Manifest, names: readonly string[], found: Resolution | undefined): boolean {
  if (found?.targets.some(({ provider }) => provider.id === manifest.id)) return true;
  return names.some(
    (name) =>
      manifest.models.some(({ id }) => id === name) ||
      manifest.modelPrefixes?.some((prefix) => name.startsWith(prefix)) === true,
  );
}

/** Undefined: it has other models, as it should. */
function whyLeftOut(credential: Credential, names: readonly string[]): [ReasonCode, string] | undefined {
  const { excludedModels, modelAliases, prefix } = credential;
  if (names.some((name) => isExcluded(name, excludedModels))) return ['excluded', 'its excluded models name this one'];
  if (names.some((name) => isRenamed(name, modelAliases))) return ['excluded', 'the model has another name there'];
  if (prefix !== undefined) return ['prefix', `serves it as ${prefix}/... only`];
  return undefined;
}

function otherAccount(reading: AccountReading, concerned: ReadonlyMap<string, Manifest>): ExplainedOther | undefined {
  const source = `file:${reading.recordId}`;
  if (reading.state === 'unusable')
    return { credential: reading.recordId, source, reason: reason('unusable', reading.message) };
  const manifest = concerned.get(reading.provider);
  if (manifest === undefined || reading.state === 'ready') return undefined;
  const about = { credential: reading.label, provider: manifest.label, source };
  if (reading.state === 'disabled') return { ...about, reason: reason('disabled', 'it is disabled in its file') };
  return { ...about, reason: reason('no-token', 'it has no token yet') };
}

function reason(code: ReasonCode, message: string): ExplainedOther['reason'] {
  return { code, message };
}
