import type { DialectId, JsonObject, JsonValue } from '../ir/index.ts';
import { jsonEquals } from './compare.ts';
import { parsePath } from './parse-path.ts';
import type { Path } from './path.ts';
import { valuesAt } from './resolve.ts';
import type { SelectorSettings } from './settings.ts';
import { plainValue } from './values.ts';
import { matchesWildcard, nameWildcard, type Wildcard } from './wildcard.ts';

/** Header values as node:http gives them: lower-case names. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Where a request goes, as far as it decides which rules may apply. */
export interface PayloadSubject {
  readonly providerId: string;
  /** Dialect of the body. */
  readonly dialect: DialectId;
  readonly clientDialect: DialectId;
  /** Every name of the model: the upstream's, the client's, the client's without its suffix. */
  readonly models: readonly string[];
}

/** What dialects are called in the configuration: word in lower case -> dialects. */
export type ProtocolNames = ReadonlyMap<string, readonly DialectId[]>;

/** One entry of a rule's `models`. */
export interface Selector {
  /** What can be said without headers and body. */
  admits(subject: PayloadSubject): boolean;
  readonly headers: readonly (readonly [string, Wildcard])[];
  readonly conditions: readonly BodyCondition[];
}

interface BodyCondition {
  readonly path: Path;
  /** Undefined: that there is anything at all. */
  readonly value: JsonValue | undefined;
  readonly wanted: boolean;
}

/** Reads one entry of a rule's `models`. Throws PathError. */
export function compileSelector(settings: SelectorSettings, protocols: ProtocolNames): Selector {
  const name = nameWildcard(settings.name ?? '');
  const toProtocol = (settings.protocol ?? '').trim().toLowerCase();
  const fromProtocol = (settings['from-protocol'] ?? '').trim().toLowerCase();
  return {
    admits({ models, dialect, clientDialect, providerId }) {
      if (!models.some((model) => matchesWildcard(name, model))) return false;
      if (fromProtocol !== '' && !means(protocols, fromProtocol, clientDialect)) return false;
      return (
        toProtocol === '' ||
        means(protocols, toProtocol, dialect) ||
        (!protocols.has(toProtocol) && toProtocol === providerId)
      );
    },
    headers: Object.entries(settings.headers ?? {}).map(([key, value]) => [key.toLowerCase(), nameWildcard(value)]),
    conditions: [
      ...valueConditions(settings.match, true),
      ...valueConditions(settings['not-match'], false),
      ...existConditions(settings.exist, true),
      ...existConditions(settings['not-exist'], false),
    ],
  };
}

/** Whether the headers of the client's request are those that the selector wants. */
export function headersMatch({ headers }: Selector, sent: RequestHeaders): boolean {
  return headers.every(([name, pattern]) => headerValues(sent[name]).some((value) => matchesWildcard(pattern, value)));
}

/** Whether the body is one that the selector wants. */
export function bodyMatches({ conditions }: Selector, body: JsonObject): boolean {
  return conditions.every(({ path, value, wanted }) => {
    const found = valuesAt(body, path);
    return wanted === (value === undefined ? found.length > 0 : found.some((one) => jsonEquals(one, value)));
  });
}

function means(protocols: ProtocolNames, word: string, dialect: DialectId): boolean {
  return word === dialect || protocols.get(word)?.includes(dialect) === true;
}

function valueConditions(maps: SelectorSettings['match'], wanted: boolean): BodyCondition[] {
  return (maps ?? []).flatMap((map) =>
    Object.entries(map).map(([path, value]) => ({
      path: parsePath(path, 'condition'),
      value: plainValue(value),
      wanted,
    })),
  );
}

function existConditions(paths: readonly string[] | undefined, wanted: boolean): BodyCondition[] {
  return (paths ?? []).map((path) => ({ path: parsePath(path, 'condition'), value: undefined, wanted }));
}

/** A header that came more than once arrives joined with commas. */
function headerValues(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return [value]
    .flat()
    .flatMap((one) => (one.includes(',') ? [one, ...one.split(',').map((part) => part.trim())] : [one]));
}
