import type { JsonObject, JsonValue } from '../ir/index.ts';
import { jsonEquals } from './compare.ts';
import { Draft } from './draft.ts';
import { parsePath } from './parse-path.ts';
import type { Location, Path } from './path.ts';
import { locate, valueAt } from './resolve.ts';
import {
  bodyMatches,
  compileSelector,
  headersMatch,
  type PayloadSubject,
  type ProtocolNames,
  type RequestHeaders,
  type Selector,
} from './selector.ts';
import type { FilterRuleSettings, PayloadSettings, SetRuleSettings } from './settings.ts';
import { plainValue, rawValue } from './values.ts';

/** What a rule does with the places of its paths. */
export type Action = 'default' | 'override' | 'filter';

interface Edit {
  readonly text: string;
  readonly path: Path;
  /** Null for removals. */
  readonly value: JsonValue;
}

/** One rule, ready to run. */
export interface PayloadRule {
  readonly action: Action;
  readonly selectors: readonly Selector[];
  readonly edits: readonly Edit[];
}

/** All rules of a configuration. */
export interface PayloadRules {
  /** The rules that may apply to such requests, each with the selectors that may; the same array for the same subject. */
  candidates(subject: PayloadSubject): readonly PayloadRule[];
}

/** What the configuration changes in request bodies. */
export interface PayloadChanges {
  /** Undefined: no rules. */
  readonly rules: PayloadRules | undefined;
  /** Image generation tools are taken out. */
  readonly stripsImageTools: boolean;
}

/** Clients choose the names of models: beyond this many the memory starts anew. */
const MAX_SUBJECTS = 4096;
const NONE: readonly PayloadRule[] = [];

/** Reads the rules of a configuration; undefined when there are none. Throws PathError or SyntaxError. */
export function compilePayloadRules(settings: PayloadSettings, protocols: ProtocolNames): PayloadRules | undefined {
  const set = (action: Action, rules: readonly SetRuleSettings[], read: (value: unknown) => JsonValue) =>
    rules.map((rule) => compileSetRule(action, rule, read, protocols));
  // The order of the sections is the order of their effects.
  const rules = [
    ...set('default', settings.default, plainValue),
    ...set('default', settings['default-raw'], rawValue),
    ...set('override', settings.override, plainValue),
    ...set('override', settings['override-raw'], rawValue),
    ...settings.filter.map((rule) => compileFilter(rule, protocols)),
  ].filter(({ selectors, edits }) => selectors.length > 0 && edits.length > 0);
  if (rules.length === 0) return undefined;
  const known = new Map<string, readonly PayloadRule[]>();
  return {
    candidates(subject) {
      const key = [subject.providerId, subject.dialect, subject.clientDialect, ...subject.models].join('\n');
      const found = known.get(key);
      if (found !== undefined) return found;
      if (known.size >= MAX_SUBJECTS) known.clear();
      const admitted = rules.flatMap((rule) => {
        const selectors = rule.selectors.filter((selector) => selector.admits(subject));
        return selectors.length === 0 ? [] : [{ ...rule, selectors }];
      });
      const result = admitted.length === 0 ? NONE : admitted;
      known.set(key, result);
      return result;
    },
  };
}

/** The rules that the headers of a request leave. */
export function matchingHeaders(rules: readonly PayloadRule[], headers: RequestHeaders): readonly PayloadRule[] {
  if (rules.length === 0) return rules;
  return rules.flatMap((rule) => {
    const selectors = rule.selectors.filter((selector) => headersMatch(selector, headers));
    return selectors.length === 0 ? [] : [{ ...rule, selectors }];
  });
}

/**
 * The body after the rules, which are applied in order, each to what the ones before it left; the same object when they
 * change nothing. `original` is the body as the client's own request gives it: what is in there, no default replaces.
 */
export function applyRules(rules: readonly PayloadRule[], body: JsonObject, original: () => JsonObject): JsonObject {
  const draft = new Draft(body);
  /** Paths and places that a default has filled: the first one wins. */
  const filled = new Set<string>();
  for (const rule of rules) {
    if (!rule.selectors.some((selector) => bodyMatches(selector, draft.root))) continue;
    for (const edit of rule.edits) applyEdit(rule.action, edit, draft, filled, original);
  }
  return draft.root;
}

function applyEdit(action: Action, edit: Edit, draft: Draft, filled: Set<string>, original: () => JsonObject): void {
  const locations = locate(draft.root, edit.path, action === 'filter' ? 'remove' : 'write');
  switch (action) {
    case 'filter':
      if (locations.length > 0) draft.removeAll(locations);
      return;
    case 'override':
      for (const location of locations) replace(draft, location, edit.value);
      return;
    case 'default':
      if (filled.has(edit.text)) return;
      for (const location of locations) fill(location, edit, draft, filled, original);
  }
}

/** What says the same already stays as the client wrote it, byte by byte. */
function replace(draft: Draft, location: Location, value: JsonValue): void {
  const present = valueAt(draft.root, location);
  if (present === undefined || !jsonEquals(present, value)) draft.set(location, value);
}

function fill(
  location: Location,
  { text, value }: Edit,
  draft: Draft,
  filled: Set<string>,
  original: () => JsonObject,
): void {
  const place = JSON.stringify(location);
  if (filled.has(place)) return;
  // What stands there now may come from a stage before, not from the client.
  if (valueAt(draft.root, location) !== undefined && valueAt(original(), location) !== undefined) return;
  draft.set(location, value);
  filled.add(place);
  filled.add(text);
}

function compileSetRule(
  action: Action,
  { models, params }: SetRuleSettings,
  read: (value: unknown) => JsonValue,
  protocols: ProtocolNames,
): PayloadRule {
  return {
    action,
    selectors: models.map((selector) => compileSelector(selector, protocols)),
    edits: Object.entries(params).map(([text, value]) => ({ text, path: parsePath(text, 'edit'), value: read(value) })),
  };
}

function compileFilter({ models, params }: FilterRuleSettings, protocols: ProtocolNames): PayloadRule {
  return {
    action: 'filter',
    selectors: models.map((selector) => compileSelector(selector, protocols)),
    edits: params.map((text) => ({ text, path: parsePath(text, 'edit'), value: null })),
  };
}
