/** Keywords whose value is one schema. */
export const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  'items',
  'additionalProperties',
  'additionalItems',
  'unevaluatedProperties',
  'unevaluatedItems',
  'not',
  'contains',
  'propertyNames',
  'if',
  'then',
  'else',
]);

/** Keywords whose value is a list of schemas. */
export const LIST_KEYWORDS: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);

/** Keywords whose value is a map of schemas by names that the client chose. */
export const MAP_KEYWORDS: ReadonlySet<string> = new Set([
  'properties',
  '$defs',
  'definitions',
  'patternProperties',
  'dependentSchemas',
]);

/** Keywords that restrict the value: what a target cannot take of them must not be lost silently. */
export const RESTRICTIONS: ReadonlySet<string> = new Set([
  ...SCHEMA_KEYWORDS,
  ...LIST_KEYWORDS,
  'patternProperties',
  'dependentSchemas',
  'dependentRequired',
  'dependencies',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  '$dynamicRef',
  '$recursiveRef',
  'discriminator',
]);

/** Annotations that help a model to write the value. */
export const HELPFUL: ReadonlySet<string> = new Set(['default', 'examples', 'example']);

/** The one type of value that a keyword says anything about. */
export const TYPE_OF_KEYWORD: ReadonlyMap<string, string> = new Map([
  ...keysOf('string', 'minLength maxLength pattern contentEncoding contentMediaType'),
  ...keysOf('number', 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'),
  ...keysOf(
    'array',
    'items prefixItems minItems maxItems uniqueItems contains minContains maxContains unevaluatedItems',
  ),
  ...keysOf('object', 'properties required additionalProperties patternProperties propertyNames propertyOrdering'),
  ...keysOf('object', 'minProperties maxProperties dependentRequired dependentSchemas unevaluatedProperties'),
]);

function keysOf(type: string, keywords: string): readonly (readonly [string, string])[] {
  return keywords.split(' ').map((keyword) => [keyword, type] as const);
}

const NUMBERS: ReadonlySet<string> = new Set(
  (
    'minLength maxLength minItems maxItems minProperties maxProperties minimum maximum exclusiveMinimum ' +
    'exclusiveMaximum multipleOf minContains maxContains'
  ).split(' '),
);
const STRINGS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'pattern',
  'format',
  '$id',
  '$anchor',
  '$schema',
]);

/** Whether the value is of the type that the keyword demands. */
export function isWellFormed(keyword: string, value: unknown): boolean {
  if (NUMBERS.has(keyword)) return typeof value === 'number';
  if (STRINGS.has(keyword)) return typeof value === 'string';
  if (keyword === 'examples' || keyword === 'propertyOrdering') return Array.isArray(value);
  if (keyword === 'nullable' || keyword === 'uniqueItems') return typeof value === 'boolean';
  return value !== undefined;
}
