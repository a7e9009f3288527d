import { configuredClient } from '../config/oauth-clients.ts';
import type { Config } from '../config/schema.ts';
import { accountCredential, accountManifest } from '../credentials/account-record.ts';
import type { Credential } from '../credentials/credential.ts';
import { FieldReader } from '../credentials/field-reader.ts';
import { type AccountStatus, Refresher } from '../credentials/refresher.ts';
import { servedToken } from '../credentials/served-account.ts';
import { refreshTokenOf } from '../credentials/token-fields.ts';
import { userSettings } from '../credentials/user-settings.ts';
import type { Manifest } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';
import type { CredentialRecord, CredentialRecords } from '../storage/ports.ts';
import { createFetch } from '../upstream/fetch.ts';
import type { Runtime } from './runtime.ts';

/** Keeps the tokens of a store's accounts fresh. */
export interface TokenRenewal {
  /** Takes a record as the store has it; returns it with newer tokens, where those could not be written yet. */
  put(record: CredentialRecord): CredentialRecord;
  remove(recordId: string): void;
  /** See `PipelineOptions.renew`. */
  renew(target: Target): Promise<Target | undefined>;
  statuses(): readonly AccountStatus[];
  start(): void;
  close(): Promise<void>;
}

/** What it is wired to. */
export interface TokenRenewalOptions {
  readonly records: CredentialRecords;
  readonly manifests: readonly Manifest[];
  readonly runtime: Runtime;
  /** The configuration in use. */
  config(): Config;
  /** A record has new tokens. */
  renewed(record: CredentialRecord): void;
}

const DEFAULT_WORKERS = 16;

/** Renews nothing before it is started, unless a request asks. */
export function createTokenRenewal(options: TokenRenewalOptions): TokenRenewal {
  const { records, manifests, runtime } = options;
  const refresher = new Refresher({
    records,
    clock: runtime.clock,
    random: Math.random,
    workers: () => options.config()['auth-auto-refresh-workers'] || DEFAULT_WORKERS,
    renewed: (record) => options.renewed(record),
    warn: (message) => runtime.logger.warn({}, message),
  });
  const isPlainKey = (record: CredentialRecord): boolean => {
    const reading = accountCredential(record, manifests);
    return reading.state === 'ready' && reading.credentials[0].kind === 'api-key';
  };
  return {
    put(record) {
      const reader = new FieldReader(record.fields, () => undefined);
      const manifest = accountManifest(reader.text('type') ?? '', manifests);
      const rules = manifest?.account;
      const settings = userSettings(reader);
      const refresh = rules?.refresh?.bind(rules);
      // One whose proxy setting cannot be read must not be renewed by another way.
      if (
        refresh === undefined ||
        manifest === undefined ||
        rules === undefined ||
        'problem' in settings ||
        // A plain key, or a token that somebody else renews.
        (servedToken(record.fields, rules) === undefined &&
          refreshTokenOf(record.fields) === undefined &&
          (rules.serve === undefined || isPlainKey(record))) ||
        reader.boolean('disabled') === true
      ) {
        refresher.remove(record.id);
        return record;
      }
      return refresher.put({
        record,
        rules: { ...rules, refresh },
        client: configuredClient(manifest.id, options.config(), runtime.env),
        label: reader.text('email') ?? record.id,
        fetch: createFetch(() => runtime.upstreams.of(options.config()).dispatchers, settings.members.proxyUrl),
      });
    },
    remove: (id) => refresher.remove(id),
    async renew(target) {
      const { credential } = target;
      if (credential.recordId === undefined) return undefined;
      const record = await refresher.renew(credential.recordId, credential.secret);
      const reading = record === undefined ? undefined : accountCredential(record, manifests);
      const fresh = reading?.state === 'ready' ? reading.credentials.find(({ id }) => id === credential.id) : undefined;
      if (fresh === undefined) return undefined;
      return { ...target, credential: withSecretOf(credential, fresh) };
    },
    statuses: () => refresher.statuses(),
    start: () => refresher.start(),
    close: () => refresher.close(),
  };
}

/** What the configuration says of the account stays; what its record says of the new token counts. */
function withSecretOf({ expiresAtMs: _, ...before }: Credential, fresh: Credential): Credential {
  const { secret, headers, baseUrl, parameters, expiresAtMs } = fresh;
  return {
    ...before,
    secret,
    headers,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
}
