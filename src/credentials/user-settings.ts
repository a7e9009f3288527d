import type { Credential, ErrorRule, ModelAlias } from './credential.ts';
import { type ErrorRuleEntry, errorRules, idleReason } from './error-rule.ts';
import type { FieldReader } from './field-reader.ts';

/** Fields of a record that belong to the user: a new login or a renewal never changes them. */
export const userFields: ReadonlySet<string> = new Set([
  'prefix',
  'proxy_url',
  'priority',
  'weight',
  'note',
  'disabled',
  'headers',
  'excluded_models',
  'model_aliases',
  'disable_cooling',
  'request_retry',
  'request_scoped_errors',
  'max_in_flight',
  'websockets',
  'system_prefix',
  'base_url',
  'refresh_interval',
  'refresh_interval_seconds',
  'label',
  'tool_prefix_disabled',
  'fingerprint_profile',
  'cloak_mode',
  'cloak_strict_mode',
  'cloak_sensitive_words',
  'cloak_cache_user_id',
  'timezone',
  'using_api',
]);

type Members = Pick<Credential, 'headers' | 'priority' | 'weight' | 'excludedModels'> & Partial<Credential>;

/** What the user's fields make of a credential; `problem`: why it must not be used at all. */
export type UserSettings = { readonly members: Members } | { readonly problem: string };

const MAX_WEIGHT = 1_000_000;
const actions: ReadonlySet<unknown> = new Set(['stop', 'stop-and-cooldown', 'continue', 'continue-and-cooldown']);

/** Reads the user's fields of a record. */
export function userSettings(reader: FieldReader): UserSettings {
  const proxyUrl = proxyOf(reader);
  // Without its proxy the account would show another address than the user wants.
  if (proxyUrl === false) return { problem: 'its proxy_url is no http, https, socks5 or socks5h URL' };
  const retry = reader.whole('request_retry');
  const inFlight = reader.whole('max_in_flight');
  const aliases = aliasesOf(reader);
  const rules = rulesOf(reader);
  const members: Members = {
    headers: headersOf(reader),
    priority: reader.whole('priority') ?? 0,
    weight: Math.min(MAX_WEIGHT, reader.whole('weight') ?? 1),
    excludedModels: reader.texts('excluded_models').map((pattern) => pattern.toLowerCase()),
    ...defined('proxyUrl', proxyUrl),
    ...defined('prefix', prefixOf(reader)),
    ...defined('disableCooling', reader.boolean('disable_cooling')),
    ...defined('websockets', reader.boolean('websockets') || undefined),
    ...defined('systemPrefix', reader.text('system_prefix')),
    ...(retry === undefined || retry < 0 ? {} : { requestRetry: retry }),
    ...(inFlight === undefined || inFlight <= 0 ? {} : { maxInFlight: inFlight }),
    ...(aliases.length === 0 ? {} : { modelAliases: aliases }),
    ...(rules.length === 0 ? {} : { errorRules: rules }),
  };
  return { members };
}

function defined<K extends keyof Credential>(name: K, value: Credential[K] | undefined): Partial<Credential> {
  return value === undefined ? {} : { [name]: value };
}

/** False: it is none. */
function proxyOf(reader: FieldReader): string | undefined | false {
  const text = reader.text('proxy_url');
  if (text === undefined)
    return reader.raw('proxy_url') === undefined || reader.raw('proxy_url') === '' ? undefined : false;
  if (/^(direct|none)$/i.test(text)) return 'direct';
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && /^(https?|socks5h?):$/.test(url.protocol) ? text : false;
}

function prefixOf(reader: FieldReader): string | undefined {
  const prefix = reader.text('prefix')?.replace(/^\/+|\/+$/g, '');
  if (!prefix?.includes('/')) return prefix || undefined;
  reader.warn('prefix is ignored: it contains a slash');
  return undefined;
}

function headersOf(reader: FieldReader): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of reader.map('headers')) {
    const lower = name.toLowerCase();
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || lower === 'content-length' || lower === 'transfer-encoding') {
      reader.warn('a name in headers is ignored: no HTTP request can carry it');
    } else if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) headers[lower] = value;
    else reader.warn(`headers.${name} is ignored: its value has characters that HTTP cannot carry`);
  }
  return headers;
}

function aliasesOf(reader: FieldReader): readonly ModelAlias[] {
  const taken = new Set<string>();
  return reader.objects('model_aliases').flatMap((entry): ModelAlias[] => {
    const name = entry.text('name') ?? '';
    const alias = entry.text('alias') ?? '';
    const key = alias.toLowerCase();
    if (name === '' || key === '' || key === name.toLowerCase() || taken.has(key)) {
      reader.warn('an item of model_aliases is ignored: it names no new model');
      return [];
    }
    taken.add(key);
    const displayName = entry.text('display_name');
    return [
      {
        name,
        alias,
        fork: entry.boolean('fork') ?? false,
        forceMapping: entry.boolean('force_mapping') ?? false,
        ...(displayName === undefined ? {} : { displayName }),
      },
    ];
  });
}

function rulesOf(reader: FieldReader): readonly ErrorRule[] {
  const entries = reader.objects('request_scoped_errors').map((entry): ErrorRuleEntry => {
    const action = entry.text('action');
    return {
      status: entry.whole('status') ?? 0,
      match: entry.texts('match'),
      'match-regexr': entry.texts('match_regexr'),
      ...(isAction(action) ? { action } : {}),
    };
  });
  for (const entry of entries) {
    const reason = idleReason(entry);
    if (reason !== undefined) reader.warn(`a rule of request_scoped_errors is ignored: it ${reason}`);
  }
  return errorRules(entries);
}

function isAction(action: unknown): action is ErrorRule['action'] {
  return actions.has(action);
}
