import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { isJsonArray } from './read.ts';
import type { UserLocation, WebSearchOptions } from './request.ts';

/** The options of a search tool in each dialect's words; everything else of the tool only that dialect knows. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, keyof WebSearchOptions>>>> = {
  'anthropic-messages': {
    allowed_domains: 'allowedDomains',
    blocked_domains: 'blockedDomains',
    max_uses: 'maxUses',
    user_location: 'userLocation',
  },
  'openai-responses': {
    'filters.allowed_domains': 'allowedDomains',
    search_context_size: 'contextSize',
    user_location: 'userLocation',
  },
  'openai-chat': { search_context_size: 'contextSize', user_location: 'userLocation' },
};

/** The option that a field of the dialect's tool stands for. */
export function searchOptionOf(dialect: string, field: string): keyof WebSearchOptions | undefined {
  const fields = FIELDS[dialect];
  return fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** A non-empty list of domains. */
export function readDomains(value: JsonValue | undefined): readonly string[] | undefined {
  const domains = isJsonArray(value) ? value.filter((domain) => typeof domain === 'string') : [];
  return domains.length === 0 ? undefined : domains;
}

const PLACE = ['city', 'region', 'country', 'timezone'] as const;

/** Where the user is, out of the object that names it. */
export function readUserLocation(value: JsonValue | undefined): UserLocation | undefined {
  if (!isJsonObject(value)) return undefined;
  const entries = PLACE.flatMap((key) => (typeof value[key] === 'string' ? [[key, value[key]] as const] : []));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The options without those that are absent; undefined when nothing is left. */
export function searchOptions(
  options: {
    readonly [key in keyof WebSearchOptions]: WebSearchOptions[key] | undefined;
  },
): WebSearchOptions | undefined {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The size of the search context, when it is one of the known. */
export function readContextSize(value: JsonValue | undefined): WebSearchOptions['contextSize'] {
  return value === 'low' || value === 'medium' || value === 'high' ? value : undefined;
}

/** A location as Claude and Responses write it. */
export function encodeUserLocation(location: UserLocation | undefined): JsonObject | undefined {
  return location && { type: 'approximate', ...location };
}
