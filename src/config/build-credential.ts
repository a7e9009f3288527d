import { createHash } from 'node:crypto';
import type { Credential, CredentialModel } from '../credentials/credential.ts';
import { errorRules } from '../credentials/error-rule.ts';
import { maskSecret } from '../mask-secret.ts';
import type { ModelInfo } from '../models/model-info.ts';
import { trimSlashes } from '../providers/provider.ts';
import { cleanPrefix } from './entry-checks.ts';
import type { EntryBase, ModelEntry } from './schema/key-entry.ts';

/** A credential before it got its id. */
export type CredentialDraft = Omit<Credential, 'id'>;

/** The facts of one key that are the same in every kind of section. */
export interface KeyFacts {
  readonly provider: string;
  readonly source: string;
  readonly key: string;
  /** Shown for a credential without key. */
  readonly name: string;
  readonly baseUrl: string;
  readonly proxyUrl: string;
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly weight: number;
  readonly models: readonly CredentialModel[];
  readonly excludedModels: readonly string[];
}

/** What of an entry says how its failures are answered. */
type FailureSettings = Pick<EntryBase, 'disable-cooling' | 'request-retry' | 'request-scoped-errors'>;

/** Turns the facts into a credential; absent settings stay absent. */
export function draftCredential(facts: KeyFacts, entry?: FailureSettings): CredentialDraft {
  const prefix = cleanPrefix(facts.prefix);
  const retry = entry?.['request-retry'];
  const cooling = entry?.['disable-cooling'];
  const rules = errorRules(entry?.['request-scoped-errors'] ?? []);
  return {
    provider: facts.provider,
    kind: facts.key === '' ? 'none' : 'api-key',
    secret: facts.key === '' ? undefined : facts.key,
    label: facts.key === '' ? facts.name : maskSecret(facts.key),
    source: facts.source,
    headers: lowerCaseNames(facts.headers),
    priority: facts.priority,
    weight: facts.weight,
    excludedModels: facts.excludedModels.map((pattern) => pattern.toLowerCase()),
    ...(facts.baseUrl === '' ? {} : { baseUrl: trimSlashes(facts.baseUrl) }),
    ...(facts.proxyUrl === '' ? {} : { proxyUrl: facts.proxyUrl }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(facts.models.length === 0 ? {} : { models: facts.models }),
    ...(cooling === undefined ? {} : { disableCooling: cooling }),
    ...(retry === undefined || retry < 0 ? {} : { requestRetry: retry }),
    ...(rules.length === 0 ? {} : { errorRules: rules }),
  };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Drops repeated entries and gives every credential its id: stable across restarts, and of no use without the key. */
export function assignIds(drafts: readonly CredentialDraft[]): Credential[] {
  const seen = new Set<string>();
  const used = new Map<string, number>();
  return drafts.flatMap((draft) => {
    const { source: _, ...identity } = draft;
    const fingerprint = JSON.stringify(identity);
    if (seen.has(fingerprint)) return [];
    seen.add(fingerprint);
    const hash = createHash('sha256').update(`${draft.kind}\n${draft.secret ?? ''}\n${draft.baseUrl ?? ''}`);
    const id = `${draft.provider}:${hash.digest('hex').slice(0, 12)}`;
    const count = used.get(id) ?? 0;
    used.set(id, count + 1);
    return [{ ...draft, id: count === 0 ? id : `${id}-${count}` }];
  });
}

/** Models of an entry as the router wants them; an entry with an alias alone names both. */
export function credentialModels(models: readonly ModelEntry[]): CredentialModel[] {
  return models.flatMap((model) => {
    const name = model.name === '' ? model.alias : model.name;
    if (name === '') return [];
    const info = modelInfo(model);
    return [
      {
        name,
        ...(model.alias === '' || model.alias === name ? {} : { alias: model.alias }),
        ...(model['display-name'] === '' ? {} : { displayName: model['display-name'] }),
        ...(model['force-mapping'] ? { forceMapping: true } : {}),
        ...(Object.keys(info).length === 0 ? {} : { info }),
      },
    ];
  });
}

function modelInfo(model: ModelEntry): Partial<ModelInfo> {
  const { thinking, 'max-context-length': contextLength, 'input-modalities': modalities } = model;
  return {
    ...(contextLength === undefined || contextLength === 0 ? {} : { contextLength }),
    ...(model['is-compat'] ? { unsignedReasoning: true } : {}),
    ...(modalities === undefined
      ? {}
      : { capabilities: { vision: modalities.includes('image'), audio: modalities.includes('audio') } }),
    ...(thinking === undefined
      ? {}
      : {
          reasoning: {
            ...(thinking.levels === undefined ? {} : { levels: thinking.levels }),
            ...(thinking.min === undefined ? {} : { minBudget: thinking.min }),
            ...(thinking.max === undefined ? {} : { maxBudget: thinking.max }),
            ...(thinking['zero-allowed'] === undefined ? {} : { zeroAllowed: thinking['zero-allowed'] }),
            ...(thinking['dynamic-allowed'] === undefined ? {} : { dynamicAllowed: thinking['dynamic-allowed'] }),
          },
        }),
  };
}
