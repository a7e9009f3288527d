import { ProxyError } from '../errors.ts';
import { isWebCitation } from './citation.ts';
import { type ExtensionHolder, type HintRules, hintRules } from './extension-hints.ts';
import type { Extensions } from './extensions.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import type { Part, TextPart } from './part.ts';
import type { BuiltInTool, GenerationRequest, WebSearchOptions } from './request.ts';
import type { TranslationWarning } from './warning.ts';
import { searchOptionOf } from './web-search-options.ts';

/** What a dialect keeps at its provider: without it, the answer would be one to another conversation. */
const storedElsewhere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'openai-responses': {
    previous_response_id: 'the earlier response is stored at the provider that made it; send the whole input instead',
    conversation: 'the conversation is stored at the provider that made it; send the whole input instead',
    prompt: 'the prompt template is stored at OpenAI; send its text instead',
  },
  gemini: {
    cachedContent: 'the cached content is stored at Google; send it in contents instead',
  },
};

/**
 * The fields of a request, its function tools and its parts that only other dialects know and without which the user
 * gets something else than asked for. Hints of transport, caching, storage and bookkeeping are left out silently: see
 * {@link hintRules}. Throws `lossy_translation` for fields that lean on something stored at another dialect's provider.
 */
export function foreignExtensionWarnings(request: GenerationRequest, ownDialect: string): TranslationWarning[] {
  refuseStoredElsewhere(request.extensions, ownDialect);
  const tools = request.tools.flatMap((tool) =>
    tool.type === 'function' || tool.type === 'custom'
      ? foreignFields(tool.extensions, { path: tool.path, holder: 'tool', ownDialect })
      : [],
  );
  const parts = request.messages.flatMap((message) => partWarnings(message.content, message.path, ownDialect));
  return [...foreignFields(request.extensions, { path: '', holder: 'request', ownDialect }), ...tools, ...parts];
}

/**
 * The settings of a built-in tool that only another dialect knows; for encoders that have such a tool themselves.
 * `carried`: the search options that the encoder writes.
 */
export function foreignSettingWarnings(
  tool: BuiltInTool,
  ownDialect: string,
  carried: readonly (keyof WebSearchOptions)[] = [],
): TranslationWarning[] {
  const dialects = Object.keys(tool.extensions ?? {});
  const isCarried = (path: string): boolean => {
    const options = dialects.map((dialect) => searchOptionOf(dialect, path.slice(tool.path.length + 1)));
    return options.some((option) => option !== undefined && carried.includes(option));
  };
  const all = foreignFields(tool.extensions, { path: tool.path, holder: 'tool', ownDialect });
  return all.filter(({ path }) => !isCarried(path));
}

function refuseStoredElsewhere(extensions: Extensions, ownDialect: string): void {
  for (const [dialect, fields] of Object.entries(extensions)) {
    if (dialect === ownDialect) continue;
    for (const [key, reason] of Object.entries(storedElsewhere[dialect] ?? {})) {
      if (isNothing(fields?.[key])) continue;
      throw new ProxyError('lossy_translation', `${key}: ${reason}`, { path: key });
    }
  }
}

function partWarnings(content: readonly Part[], path: string, ownDialect: string): TranslationWarning[] {
  return content.flatMap((part, index) => {
    const place: Place = { path: `${path}.content[${index}]`, holder: 'part', ownDialect };
    if (part.type === 'text') return citationWarnings(part, place);
    if (part.type === 'media') return foreignFields(part.extensions, place);
    if (part.type !== 'tool-result') return [];
    return [...foreignFields(part.extensions, place), ...partWarnings(part.content, place.path, ownDialect)];
  });
}

function citationWarnings({ citations }: TextPart, { path, ownDialect }: Place): TranslationWarning[] {
  if (citations === undefined || citations.dialect === ownDialect || citations.items.length === 0) return [];
  // The only dialect whose requests can say where a text comes from, when that is a web page.
  if (ownDialect === 'openai-responses' && citations.sources?.every(isWebCitation) === true) return [];
  return [{ path: `${path}.citations`, reason: `citations of ${citations.dialect} mean nothing to others` }];
}

interface Place {
  readonly path: string;
  readonly holder: ExtensionHolder;
  readonly ownDialect: string;
}

function foreignFields(extensions: Extensions | undefined, place: Place): TranslationWarning[] {
  return Object.entries(extensions ?? {}).flatMap(([dialect, fields]) => {
    if (dialect === place.ownDialect || fields === undefined) return [];
    const reason = `only ${dialect} knows this field`;
    return lostPaths(fields, place.path, hintRules(place.holder, dialect)).map((path) => ({ path, reason }));
  });
}

function lostPaths(fields: JsonObject, path: string, rules: HintRules): string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    // Keys with `$` are notes of a codec, not wire fields.
    if (value === undefined || isNothing(value) || key.startsWith('$')) return [];
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    const at = path === '' ? key : `${path}.${key}`;
    if (rule === true || (typeof rule === 'function' && rule(value))) return [];
    return typeof rule === 'object' && isJsonObject(value) ? lostPaths(value, at, rule) : [at];
  });
}

/** Says as little as an absent field. */
function isNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
