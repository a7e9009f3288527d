import { type ErrorRuleEntry, idleReason } from '../credentials/error-rule.ts';
import type { Finding } from './checks.ts';
import { isExampleKey } from './example-keys.ts';
import type { EntryBase } from './schema/key-entry.ts';
import { type Config, keySections } from './schema.ts';
import { formatPath, type KeyPath } from './walk.ts';

/** Sections whose entries have no address of their own. */
const needsBaseUrl: ReadonlySet<string> = new Set(['codex-api-key', 'xai-api-key', 'openai-compatibility']);

/** Why an entry of a key section cannot be used, or undefined when it can. */
export function unusableReason(
  section: string,
  entry: EntryBase & { readonly 'api-key'?: string },
): string | undefined {
  if (needsBaseUrl.has(section) && entry['base-url'] === '') {
    return 'has no base-url and is ignored; add one that includes the version path, such as https://host/v1';
  }
  if (entry['base-url'] !== '' && !isHttpUrl(entry['base-url'])) {
    return 'has a base-url that is not an http or https URL and is ignored; write it as http://host/v1';
  }
  const key = entry['api-key'];
  if (key === '' && entry['base-url'] === '') return 'has neither api-key nor base-url and is ignored';
  if (key !== undefined && isExampleKey(key)) return 'has an api-key from the documentation and is ignored';
  return undefined;
}

/** Entries that are left out, and prefixes that are. */
export function findUnusableEntries(config: Config): Finding[] {
  const sections = [...keySections, 'openai-compatibility'] as const;
  return sections.flatMap((section) =>
    config[section].flatMap((entry: EntryBase, index): Finding[] => {
      const path = [section, index];
      const reason = unusableReason(section, entry);
      if (reason !== undefined) return [{ path, message: `${section}[${index}] ${reason}` }];
      return prefixFinding(path, `${section}[${index}]`, entry.prefix);
    }),
  );
}

/** Error rules that can never match. */
export function findIdleErrorRules(config: Config): Finding[] {
  const keys = [...keySections, 'openai-compatibility'] as const;
  const ofKeys = keys.flatMap((section) =>
    config[section].flatMap((entry: EntryBase, index) =>
      idleErrorRules([section, index, 'request-scoped-errors'], entry['request-scoped-errors']),
    ),
  );
  const ofProviders = Object.entries(config.providers).flatMap(([name, entry]) =>
    idleErrorRules(['providers', name, 'request-scoped-errors'], entry['request-scoped-errors']),
  );
  const section = 'oauth-request-scoped-errors';
  return [
    ...ofKeys,
    ...ofProviders,
    ...Object.entries(config[section]).flatMap(([name, rules]) => idleErrorRules([section, name], rules)),
  ];
}

function idleErrorRules(path: KeyPath, rules: readonly ErrorRuleEntry[]): Finding[] {
  return rules.flatMap((rule, index): Finding[] => {
    const reason = idleReason(rule);
    const place = [...path, index];
    return reason === undefined ? [] : [{ path: place, message: `${formatPath(place)} ${reason} and has no effect` }];
  });
}

/** Payload rules, and entries of their `models`, that name no model. */
export function findIdleRules({ payload }: Config): Finding[] {
  return Object.entries(payload).flatMap(
    ([section, rules]: [string, readonly { readonly models: readonly { readonly name?: string | undefined }[] }[]]) =>
      rules.flatMap(({ models }, index): Finding[] => {
        const rule = `payload.${section}[${index}]`;
        const path = ['payload', section, index];
        if (models.length === 0) return [{ path, message: `${rule} names no models and has no effect` }];
        return models.flatMap(({ name = '' }, entry): Finding[] => {
          const message = `${rule}.models[${entry}] has no name and fits no model; "*" is any`;
          return name === '' ? [{ path: [...path, 'models', entry], message }] : [];
        });
      }),
  );
}

function prefixFinding(path: KeyPath, name: string, prefix: string): Finding[] {
  if (prefix === '' || cleanPrefix(prefix) !== undefined) return [];
  return [{ path: [...path, 'prefix'], message: `${name}.prefix contains a slash and is ignored` }];
}

/** The prefix without slashes around it; undefined when there is none or it is not usable. */
export function cleanPrefix(prefix: string): string | undefined {
  const trimmed = prefix.trim().replace(/^\/+|\/+$/g, '');
  return trimmed === '' || trimmed.includes('/') ? undefined : trimmed;
}

/** An absolute http or https URL. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
