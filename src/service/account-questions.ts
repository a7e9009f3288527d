import { configuredClient } from '../config/oauth-clients.ts';
import type { Config } from '../config/schema.ts';
import type { AccountReading } from '../credentials/account-record.ts';
import { FieldReader } from '../credentials/field-reader.ts';
import type { StateSource } from '../credentials/state-keeper.ts';
import { userSettings } from '../credentials/user-settings.ts';
import type { ModelInfo } from '../models/model-info.ts';
import type { Manifest } from '../providers/provider.ts';
import type { CredentialRecord } from '../storage/ports.ts';
import { createFetch } from '../upstream/fetch.ts';
import { createAccountModels } from './account-models.ts';
import type { AskedAccount } from './account-polls.ts';
import { type AccountQuota, createAccountQuotas } from './account-quota.ts';
import type { Runtime } from './runtime.ts';

/** What providers are asked about accounts, beside requests. */
export interface AccountQuestions {
  /** Takes an account as it is now. */
  put(record: CredentialRecord, reading: AccountReading): void;
  remove(recordId: string): void;
  /** What its provider says that it can use; undefined: nothing yet. */
  modelsOf(recordId: string): readonly ModelInfo[] | undefined;
  /** What is left of plans. */
  readonly quotas: readonly AccountQuota[];
  /** What is worth keeping over a restart. */
  readonly stateSources: readonly StateSource[];
  start(): void;
  close(): void;
}

/** What they are wired to. */
export interface AccountQuestionsOptions {
  readonly manifests: readonly Manifest[];
  readonly runtime: Runtime;
  /** The configuration in use. */
  config(): Config;
  /** An account can use other models than before. */
  relisted(recordId: string): void;
}

/** Of the last three hours, in units of ten minutes. */
const LATELY = 20;
const JUST_NOW = 2;

/** Asks nobody before its start. */
export function createAccountQuestions(options: AccountQuestionsOptions): AccountQuestions {
  const { manifests, runtime, config } = options;
  const { clock, manager, logger } = runtime;
  const credentials = new Map<string, readonly string[]>();
  const used = (slots: number) => (recordId: string) =>
    (credentials.get(recordId) ?? []).some((id) =>
      manager
        .counts(id)
        .recent.slice(-slots)
        .some(({ succeeded, failed }) => succeeded + failed > 0),
    );
  const failed = ({ recordId }: AskedAccount, { message }: Error): void =>
    logger.debug({ account: recordId }, `its provider could not be asked about it: ${message}`);
  const common = { clock, random: Math.random, failed };
  const models = createAccountModels({ ...common, isUsed: used(LATELY), changed: options.relisted });
  const quotas = createAccountQuotas({ ...common, isUsed: used(JUST_NOW), told: tell });

  /** The strategies look at what is left. */
  function tell({ recordId, askedAtMs, readings }: AccountQuota): void {
    const known = new Set(models.of(recordId)?.map(({ id }) => id));
    for (const { name, remaining, used: amount, limit, unlimited, resetsAtMs } of readings) {
      const left = remaining ?? (amount === undefined || !limit ? undefined : 1 - amount / limit);
      if (left === undefined || unlimited === true || resetsAtMs === undefined || resetsAtMs <= askedAtMs) continue;
      const window = { name, usedFraction: Math.min(1, Math.max(0, 1 - left)), resetsAtMs };
      const model = known.has(name) ? name : undefined;
      for (const id of credentials.get(recordId) ?? []) manager.toldQuota(id, model, window);
    }
  }

  function remove(recordId: string): void {
    credentials.delete(recordId);
    models.remove(recordId);
    quotas.remove(recordId);
  }

  return {
    put(record, reading) {
      const account = asked(record, reading, manifests);
      if (account === undefined || reading.state !== 'ready') {
        remove(record.id);
        return;
      }
      const { fields, proxyUrl, ...rest } = account;
      const fetch = createFetch(() => runtime.upstreams.of(config()).dispatchers, proxyUrl);
      const client = configuredClient(rest.manifest.id, config(), runtime.env);
      const whole = { ...rest, fields, fetch, client };
      credentials.set(
        record.id,
        reading.credentials.map(({ id }) => id),
      );
      models.put(whole);
      quotas.put(whole);
    },
    remove,
    modelsOf: (recordId) => models.of(recordId),
    get quotas() {
      return quotas.all;
    },
    stateSources: [models.source],
    start() {
      if (!config()['ask-about-accounts']) return;
      models.start();
      quotas.start();
    },
    close() {
      models.close();
      quotas.close();
    },
  };
}

type Askable = Omit<AskedAccount, 'fetch' | 'client'> & { readonly proxyUrl: string | undefined };

/** Undefined: its provider has nothing to say of it, or must not be asked. */
function asked(record: CredentialRecord, reading: AccountReading, manifests: readonly Manifest[]): Askable | undefined {
  if (reading.state !== 'ready') return undefined;
  const manifest = manifests.find(({ id }) => id === reading.provider);
  const rules = manifest?.account;
  const [first] = reading.credentials;
  if (manifest === undefined || rules === undefined || first.kind !== 'account') return undefined;
  const reader = new FieldReader(record.fields, () => undefined);
  const settings = userSettings(reader);
  // A token for another server is none of the vendor's business.
  if ('problem' in settings || isElsewhere(reader.text('base_url'), manifest)) return undefined;
  return { recordId: record.id, fields: record.fields, manifest, rules, proxyUrl: settings.members.proxyUrl };
}

/** Whether requests of an account go to a server that is not the vendor's. */
export function isElsewhere(written: string | undefined, { baseUrl, account }: Manifest): boolean {
  const site = (url: string): string | undefined => URL.parse(url)?.hostname.split('.').slice(-2).join('.');
  if (written === undefined) return false;
  return ![baseUrl, account?.baseUrl ?? baseUrl].map(site).includes(site(written));
}
