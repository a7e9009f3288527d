/** What a target takes of JSON Schema. */
export type SchemaTarget =
  | 'gemini-schema'
  | 'gemini-json-schema'
  | 'antigravity-tool'
  | 'antigravity-response'
  | 'openai-strict'
  | 'anthropic-strict'
  | RootTarget;

/** Targets that take any keyword, but whose root must be a plain object schema. */
export type RootTarget = 'anthropic' | 'object-root';

/** A kind of value in `enum`. */
export type EnumKind = 'string' | 'number' | 'boolean' | 'null' | 'object';

/** A target with a restricted dialect. Its list of keywords is the only one that its schemas can hold. */
export interface Profile {
  readonly keywords: ReadonlySet<string>;
  /** Whether `$ref` into the root's `$defs` may stay. Others are replaced by what they refer to. */
  readonly keepsReferences: boolean;
  /** How often a definition may be written out inside itself before the recursion is cut. */
  readonly recursion: number;
  /** `best`: there are no unions, and the most telling branch takes the place of all. */
  readonly unions: 'anyOf' | 'best';
  /** Whether keywords other than annotations may stand beside `anyOf`. */
  readonly unionSiblings: boolean;
  /** How null is said: by the type `null`, or by `nullable: true`. */
  readonly null: 'type' | 'nullable';
  /** Whether `type` may list several types besides null. */
  readonly typeLists: boolean;
  readonly enumKinds: ReadonlySet<EnumKind>;
  /** Values of `format` that are taken; absent: all. */
  readonly formats?: ReadonlySet<string>;
  /** Patterns that the target's engine does not know; absent: it knows all. */
  readonly refusedPattern?: RegExp;
  /** The most that `minItems` can say; absent: anything. */
  readonly mostMinItems?: number;
  /** Every schema must have a type, and every array `items`. */
  readonly typed: boolean;
  /** `closed`: every object says `additionalProperties: false`. */
  readonly objects: 'as-is' | 'closed';
  /** Every property must be required; one that may be absent may be null instead. */
  readonly allRequired: boolean;
  /** An object without properties is refused and gets one. */
  readonly placeholder: boolean;
  /** The root must be an object without a union. */
  readonly objectRoot: boolean;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const kinds = (...list: readonly EnumKind[]): ReadonlySet<EnumKind> => new Set(list);

const SCALARS = kinds('string', 'number', 'boolean', 'null');
/** Look-around, references to groups, word boundaries. */
const REFUSED_PATTERN = /\(\?(?!:)|\\[1-9bB]/;
const STRICT_FORMATS = words('date-time time date duration email hostname ipv4 ipv6 uuid');

/** https://ai.google.dev/api/caching#Schema: the subset of OpenAPI 3.0 in `parameters` and `responseSchema`. */
const geminiSchema: Profile = {
  keywords: words(
    'type format title description nullable enum maxItems minItems properties required minProperties maxProperties ' +
      'minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum',
  ),
  keepsReferences: false,
  recursion: 1,
  unions: 'anyOf',
  unionSiblings: false,
  null: 'nullable',
  typeLists: false,
  enumKinds: kinds('string'),
  formats: words('enum date-time float double int32 int64'),
  typed: true,
  objects: 'as-is',
  allRequired: false,
  placeholder: false,
  objectRoot: false,
};

/** https://ai.google.dev/api/generate-content#GenerationConfig: `responseJsonSchema` and `parametersJsonSchema`. */
const { formats: _, ...anyFormat } = geminiSchema;
const geminiJsonSchema: Profile = {
  ...anyFormat,
  keywords: words(
    '$id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum ' +
      'anyOf oneOf properties additionalProperties required propertyOrdering',
  ),
  keepsReferences: true,
  unionSiblings: true,
  null: 'type',
  enumKinds: kinds('string', 'number'),
  typed: false,
};

const antigravityTool: Profile = {
  ...geminiSchema,
  keywords: words('type description nullable properties required items'),
  unions: 'best',
  enumKinds: kinds(),
  placeholder: true,
  objectRoot: true,
};

const antigravityResponse: Profile = {
  ...antigravityTool,
  keywords: words('type description nullable enum properties required items additionalProperties propertyOrdering'),
  enumKinds: kinds('string'),
  placeholder: false,
  objectRoot: false,
};

/** https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
const openaiStrict: Profile = {
  keywords: words(
    '$defs $ref type title description enum const anyOf properties required additionalProperties items pattern format ' +
      'multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minItems maxItems',
  ),
  keepsReferences: true,
  recursion: 1,
  unions: 'anyOf',
  unionSiblings: false,
  null: 'type',
  typeLists: true,
  enumKinds: SCALARS,
  formats: STRICT_FORMATS,
  refusedPattern: REFUSED_PATTERN,
  typed: true,
  objects: 'closed',
  allRequired: true,
  placeholder: false,
  objectRoot: true,
};

/** https://docs.claude.com/en/docs/build-with-claude/structured-outputs#json-schema-limitations: no recursion there. */
const anthropicStrict: Profile = {
  ...openaiStrict,
  keywords: words(
    'type title description enum const anyOf properties required additionalProperties items default pattern format minItems',
  ),
  keepsReferences: false,
  recursion: 2,
  formats: new Set([...STRICT_FORMATS, 'uri']),
  mostMinItems: 1,
  typed: false,
  allRequired: false,
  objectRoot: false,
};

/** The restricted targets. */
export const profiles: Readonly<Record<Exclude<SchemaTarget, RootTarget>, Profile>> = {
  'gemini-schema': geminiSchema,
  'gemini-json-schema': geminiJsonSchema,
  'antigravity-tool': antigravityTool,
  'antigravity-response': antigravityResponse,
  'openai-strict': openaiStrict,
  'anthropic-strict': anthropicStrict,
};

function isRestricted(target: SchemaTarget): target is Exclude<SchemaTarget, RootTarget> {
  return Object.hasOwn(profiles, target);
}

/** The profile of a target; undefined when it takes any keyword. */
export function profileOf(target: SchemaTarget): Profile | undefined {
  return isRestricted(target) ? profiles[target] : undefined;
}
