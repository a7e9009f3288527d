import type { JsonObject, JsonValue } from '../ir/json.ts';
import { isArray } from './node.ts';
import type { EnumKind, Profile } from './profile.ts';

/** What becomes of `enum` and `const`. */
export interface EnumPlan {
  /** The keyword to write, if any. */
  readonly keywords: JsonObject;
  /** The values, when only a description can tell them. */
  readonly hint?: readonly JsonValue[];
  /** Null is among them, and is said elsewhere. */
  readonly nullable: boolean;
  /** The type that all values have, where the schema names none. */
  readonly type?: string;
}

interface Named {
  readonly node: JsonObject;
  readonly types: readonly string[];
  readonly nullable: boolean;
}

const NOTHING: EnumPlan = { keywords: {}, nullable: false };

/** Decides how the allowed values are said. */
export function enumOf({ node, types, nullable }: Named, { enumKinds, keywords, null: wayOfNull }: Profile): EnumPlan {
  const constant = node['const'];
  if (constant === undefined && node['enum'] === undefined) return NOTHING;
  const list = isArray(node['enum']) ? node['enum'] : constant === undefined ? [] : [constant];
  if (list.length === 0) return NOTHING;
  const sayNull = enumKinds.has('null');
  const values = sayNull ? list : list.filter((value) => value !== null);
  const nulls = !sayNull && values.length < list.length && (types.length === 0 || nullable);
  const kinds = new Set(values.map(kindOf));
  const type = types.length === 0 ? commonType(values) : undefined;
  const base = {
    keywords: {},
    nullable: nulls,
    ...(type !== undefined && (keywords.has('enum') || wayOfNull === 'nullable') && { type }),
  };
  if (values.length === 0) return base;
  const named = types.length === 1 ? types[0] : type;
  const fits = [...kinds].every((kind) => enumKinds.has(kind) && (kind === 'null' || fitsType(kind, named)));
  if (!fits || !keywords.has('enum')) return { ...base, hint: values };
  if (!isArray(node['enum']) && keywords.has('const')) return { ...base, keywords: { const: constant } };
  return { ...base, keywords: { enum: distinct(values) } };
}

function kindOf(value: JsonValue): EnumKind {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'object';
}

/** Servers refuse `enum: ["1"]` of an integer. */
function fitsType(kind: EnumKind, type: string | undefined): boolean {
  if (type === undefined) return true;
  return kind === (type === 'integer' ? 'number' : type);
}

function commonType(values: readonly JsonValue[]): string | undefined {
  const kinds = new Set(values.filter((value) => value !== null).map(kindOf));
  const [only] = kinds;
  return kinds.size === 1 && only !== 'object' ? only : undefined;
}

function distinct(values: readonly JsonValue[]): readonly JsonValue[] {
  const seen = new Set<JsonValue>();
  const texts = new Set<string>();
  const kept = values.filter((value) => {
    const list: Set<JsonValue> | Set<string> = typeof value === 'object' ? texts : seen;
    const before = list.size;
    if (typeof value === 'object') texts.add(JSON.stringify(value));
    else seen.add(value);
    return list.size > before;
  });
  return kept.length === values.length ? values : kept;
}
