import type { StateSource } from '../credentials/state-keeper.ts';
import type { ProxyError } from '../errors.ts';
import type { ModelInfo } from '../models/model-info.ts';
import { readModelInfo } from '../models/read-model-info.ts';
import type { AccountFields, Manifest } from '../providers/provider.ts';
import { AccountPolls, type AskedAccount, type PollOptions } from './account-polls.ts';

/** Which models accounts can use, as their providers say; kept up to date behind the back of requests. */
export interface AccountModels {
  /** Undefined: nobody has said yet, or the provider cannot be asked; the catalogue counts. */
  of(recordId: string): readonly ModelInfo[] | undefined;
  /** Adds an account, or puts it in place of the one with its record. */
  put(account: AskedAccount): void;
  remove(recordId: string): void;
  start(): void;
  close(): void;
  /** What outlives a restart: models that only their provider knows are served before it was asked anew. */
  readonly source: StateSource;
}

/** What it is wired to. */
export interface AccountModelsOptions extends Pick<PollOptions<unknown>, 'clock' | 'random' | 'isUsed'> {
  /** An account has other models than before. */
  changed(recordId: string): void;
  /** Why a provider could not be asked. */
  failed(account: AskedAccount, error: ProxyError): void;
}

const EVERY_MS = 6 * 60 * 60_000;
const KEPT_MS = 14 * 24 * 60 * 60_000;

/** Knows of no account, and asks nobody before its start. */
export function createAccountModels(options: AccountModelsOptions): AccountModels {
  const lists = new Map<string, Known>();
  const unsaved = new Set<string>();
  /** Of accounts that there are. */
  const accounts = new Set<string>();

  function learn(recordId: string, models: readonly ModelInfo[]): void {
    const text = JSON.stringify(models);
    if (lists.get(recordId)?.text === text) return;
    lists.set(recordId, { text, models: sameList(lists, text) ?? models });
    options.changed(recordId);
  }

  const polls = new AccountPolls<readonly ModelInfo[]>({
    ...options,
    everyMs: EVERY_MS,
    isEager: true,
    ask: async ({ rules, fields }, io) => (await rules.listModels?.(fields, io)) ?? [],
    got({ recordId, manifest, fields }, told) {
      // A provider that names none has not understood the question.
      if (told.length === 0) return;
      unsaved.add(recordId);
      learn(recordId, withCatalogue(told, catalogueOf(manifest, fields)));
    },
  });
  return {
    of: (recordId) => lists.get(recordId)?.models,
    put(account) {
      if (account.rules.listModels === undefined) {
        this.remove(account.recordId);
        return;
      }
      accounts.add(account.recordId);
      polls.put(account);
    },
    remove(recordId) {
      accounts.delete(recordId);
      if (lists.delete(recordId)) unsaved.add(recordId);
      polls.remove(recordId);
    },
    start: () => polls.start(),
    close: () => polls.close(),
    source: {
      kind: 'models',
      changed() {
        const changes = [...unsaved].map((key) => ({
          key,
          value: lists.get(key)?.models,
          expiresAtMs: options.clock.now() + KEPT_MS,
        }));
        unsaved.clear();
        return changes;
      },
      restore(saved) {
        for (const { key, value, expiresAtMs } of saved) {
          const models = Array.isArray(value) ? value.flatMap((item) => readModelInfo(item) ?? []) : [];
          if (models.length === 0 || !accounts.has(key) || lists.has(key)) continue;
          learn(key, models);
          polls.asked(key, expiresAtMs - KEPT_MS);
        }
      },
    },
  };
}

interface Known {
  readonly text: string;
  readonly models: readonly ModelInfo[];
}

/** Accounts with the same models share one list, and with it one index of the registry. */
function sameList(lists: ReadonlyMap<string, Known>, text: string): readonly ModelInfo[] | undefined {
  for (const known of lists.values()) if (known.text === text) return known.models;
  return undefined;
}

function catalogueOf({ account, models }: Manifest, fields: AccountFields): readonly ModelInfo[] {
  const { plan_type: type, plan = type } = fields;
  return account?.models?.(typeof plan === 'string' ? plan : undefined) ?? models;
}

/** Each model once, with what the catalogue knows of it and the provider did not say. */
function withCatalogue(told: readonly ModelInfo[], catalogue: readonly ModelInfo[]): readonly ModelInfo[] {
  const known = new Map(catalogue.map((model) => [model.id, model]));
  const byId = new Map(told.map((model) => [model.id, { ...known.get(model.id), ...model }]));
  return [...byId.values()];
}
