import { createHash } from 'node:crypto';
import { ProxyError, toProxyError } from '../errors.ts';
import { maskSecret } from '../mask-secret.ts';
import { type AccountFields, entryBaseUrl, type Manifest, type ServedAccount } from '../providers/provider.ts';
import type { CredentialRecord } from '../storage/ports.ts';
import type { Credential } from './credential.ts';
import { FieldReader, isFields } from './field-reader.ts';
import { servedTimes } from './served-account.ts';
import { userSettings } from './user-settings.ts';

/** What a record is to the gateway. */
export type AccountReading =
  /** Several: one for each part of the account, such as its projects. */
  | (Account & { readonly state: 'ready'; readonly credentials: readonly [Credential, ...Credential[]] })
  /** The user switched it off. */
  | (Account & { readonly state: 'disabled' })
  /** It has no access token yet; the provider can give one for what the record has. */
  | (Account & { readonly state: 'no-token' })
  | { readonly state: 'unusable'; readonly recordId: string; readonly message: string };

/** What is known of every account that belongs to a provider. */
export interface Account {
  readonly recordId: string;
  /** The credential's id, also of one that there is not now. */
  readonly credentialId: string;
  readonly provider: string;
  readonly label: string;
  /** The user's own words. */
  readonly note: string | undefined;
  /** Of fields that are not as they should be; no values, no secrets. */
  readonly warnings: readonly string[];
}

/** Id of the credential of a record; the renewal of its token does not change it. */
export function accountId(provider: string, recordId: string): string {
  return `${provider}:${createHash('sha256').update(`account\n${recordId}`).digest('hex').slice(0, 12)}`;
}

/** The provider that serves accounts of this `type`; plain keys may also name a provider by its id. */
export function accountManifest(type: string, manifests: readonly Manifest[]): Manifest | undefined {
  const wanted = type.toLowerCase();
  return manifests.find(({ account }) => account?.types.some((known) => known.toLowerCase() === wanted));
}

/** Reads the record of an account, leniently; what is not as it should be is told in the warnings. */
export function accountCredential(record: CredentialRecord, manifests: readonly Manifest[]): AccountReading {
  const warnings: string[] = [];
  const reader = new FieldReader(record.fields, (message) => warnings.push(message));
  const unusable = (message: string): AccountReading => ({ state: 'unusable', recordId: record.id, message });
  const type = reader.text('type');
  if (type === undefined) return unusable('it has no type: it is no account, or of an unknown program');
  const plain = secretOf(reader);
  // A provider's accounts may have the name of another one, whose plain keys are something else.
  const keys = plain.kind === 'api-key' ? manifests.find(({ id }) => id === type.toLowerCase()) : undefined;
  const own = keys?.account === undefined && keys !== undefined ? undefined : accountManifest(type, manifests);
  const manifest = own ?? keys;
  if (manifest === undefined) return unusable(`no provider of this version serves accounts of type ${shown(type)}`);

  const served = plain.kind === 'api-key' && own?.account?.serve === undefined ? {} : servedBy(own, record.fields);
  if (served instanceof ProxyError) return unusable(served.message);
  const secret = servedSecret(plain, served);
  const settings = userSettings(reader);
  const account: Account = {
    recordId: record.id,
    credentialId: accountId(manifest.id, record.id),
    provider: manifest.id,
    label: labelOf(record, reader, secret),
    note: reader.text('note'),
    warnings,
  };
  if (reader.boolean('disabled') === true) return { ...account, state: 'disabled' };
  if ('problem' in settings) return unusable(settings.problem);
  if (secret.text === undefined) {
    const isRenewable = manifest.account?.refresh !== undefined;
    return isRenewable ? { ...account, state: 'no-token' } : unusable('it has neither access_token nor api_key');
  }
  if (!/^[\x21-\x7e]+$/.test(secret.text)) return unusable('its token has characters that no token has');
  const expiresAtMs = secret.kind === 'api-key' ? undefined : servedTimes(record.fields, own?.account).expiresAtMs;
  const plan = served.plan ?? reader.text('plan_type') ?? reader.text('plan');
  const credential: Credential = {
    id: account.credentialId,
    provider: manifest.id,
    kind: secret.kind,
    secret: secret.text,
    label: account.label,
    source: `file:${record.id}`,
    recordId: record.id,
    ...settings.members,
    headers: { ...served.headers, ...settings.members.headers },
    ...baseUrlOf(reader, manifest, secret.kind, served.baseUrl),
    ...(served.parameters === undefined ? {} : { parameters: served.parameters }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(plan === undefined ? {} : { plan }),
  };
  return { ...account, state: 'ready', credentials: partsOf(credential, served) };
}

/** Throws nothing: an account of no use has an error. */
function servedBy(manifest: Manifest | undefined, fields: AccountFields): ServedAccount | ProxyError {
  try {
    return manifest?.account?.serve?.(fields) ?? {};
  } catch (error) {
    return toProxyError(error);
  }
}

/** The record's own secret, or what its provider reads out of it. */
function servedSecret(plain: Secret, { secret }: ServedAccount): Secret {
  if (secret === undefined) return plain;
  return { kind: 'account', text: secret ?? undefined };
}

/** Below everything that a user sets. */
const LAST = -1_000_000_000;

function partsOf(credential: Credential, { parts = [] }: ServedAccount): readonly [Credential, ...Credential[]] {
  const [first, ...others] = parts.map(({ id, parameters, spendsCredits }, index) => ({
    ...credential,
    // The first goes on under the account's own id, also when there are further ones some day.
    id: index === 0 ? credential.id : `${credential.id}.${partId(id)}`,
    ...(id === '' ? {} : { label: `${credential.label} [${id}]` }),
    parameters: { ...credential.parameters, ...parameters },
    ...(spendsCredits === true ? { spendsCredits, priority: LAST } : {}),
  }));
  return first === undefined ? [credential] : [first, ...others];
}

function partId(id: string): string {
  return createHash('sha256').update(`part\n${id}`).digest('hex').slice(0, 6);
}

/** What the operator should know of a record, one line each; no secrets. */
export function readingWarnings(reading: AccountReading): readonly string[] {
  if (reading.state === 'unusable') return [`the account ${reading.recordId} is not used: ${reading.message}`];
  return reading.warnings.map((message) => `the account ${reading.recordId}: ${message}`);
}

interface Secret {
  readonly kind: 'account' | 'api-key';
  readonly text: string | undefined;
}

/** A record may hold a plain key instead of a login: `auth_kind` says so, or that there is nothing else. */
function secretOf(reader: FieldReader): Secret {
  const nested = reader.raw('token');
  const inner = isFields(nested) ? nested['access_token'] : undefined;
  const token = reader.text('access_token') ?? (typeof inner === 'string' && inner !== '' ? inner.trim() : undefined);
  const key = reader.text('api_key');
  const says = reader.text('auth_kind') ?? '';
  const isKey = /^api[-_ ]?key$/i.test(says) || (key !== undefined && token === undefined);
  return isKey ? { kind: 'api-key', text: key ?? token } : { kind: 'account', text: token };
}

function labelOf({ id }: CredentialRecord, reader: FieldReader, secret: Secret): string {
  const email = reader.text('email');
  if (email !== undefined) return email;
  if (secret.kind === 'api-key' && secret.text !== undefined) return maskSecret(secret.text);
  return id.slice(id.lastIndexOf('/') + 1).replace(/\.json$/i, '');
}

function baseUrlOf(
  reader: FieldReader,
  manifest: Manifest,
  kind: Secret['kind'],
  served: string | undefined,
): Pick<Credential, 'baseUrl'> {
  const usual = served ?? (kind === 'account' ? manifest.account?.baseUrl : undefined);
  const written = reader.text('base_url');
  if (written === undefined) return usual === undefined ? {} : { baseUrl: usual };
  if (!URL.canParse(written) || !/^https?:$/.test(new URL(written).protocol)) {
    reader.warn('base_url is ignored: expected an http or https URL');
    return usual === undefined ? {} : { baseUrl: usual };
  }
  const own = entryBaseUrl(written, manifest);
  if (own !== '') return { baseUrl: own };
  // The address of API keys, written down for an account that would go elsewhere.
  return usual === undefined ? {} : { baseUrl: manifest.baseUrl };
}

/** A type is a word; whatever else stands there is not repeated. */
function shown(type: string): string {
  return /^[\w.-]{1,40}$/.test(type) ? type : '(unreadable)';
}
