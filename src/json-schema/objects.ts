import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';
import { isArray, setMember, stringsOf } from './node.ts';
import { memberAt, type SchemaPath } from './path.ts';
import type { Profile } from './profile.ts';
import type { Report } from './report.ts';

/** Shuts an object for strict modes: no further properties, and where it must be, all of them required. Changes `result`. */
export function closeObject(
  result: MutableJsonObject,
  node: JsonObject,
  path: SchemaPath,
  profile: Profile,
  report: Report,
): void {
  const further = node['additionalProperties'];
  const properties = result['properties'];
  const empty = !isJsonObject(properties) || Object.keys(properties).length === 0;
  if (further === true || isJsonObject(further) || (empty && further !== false))
    report.lost(path, 'additionalProperties');
  result['additionalProperties'] = false;
  if (!profile.allRequired) return;
  // What needed no change is the client's own.
  const own = properties === node['properties'];
  const members: MutableJsonObject = isJsonObject(properties) ? (own ? { ...properties } : properties) : {};
  const required = stringsOf(result['required']);
  const demanded = new Set(required);
  const all = [...required];
  for (const name of Object.keys(members)) {
    if (demanded.has(name)) continue;
    all.push(name);
    const member = members[name];
    report.hinted(memberAt(path, 'properties', name), 'required');
    if (isJsonObject(member) && !isNullable(member)) setMember(members, name, makeNullable(member));
  }
  result['properties'] = members;
  result['required'] = all;
}

/** Whether null satisfies a compiled schema. */
export function isNullable(schema: JsonObject): boolean {
  const { type, anyOf } = schema;
  if (isArray(type)) return type.includes('null');
  return type === 'null' || (isArray(anyOf) && anyOf.some((branch) => isJsonObject(branch) && isNullable(branch)));
}

/** A compiled schema that null satisfies as well. */
export function makeNullable(schema: JsonObject): MutableJsonObject {
  const { type, anyOf } = schema;
  if (isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  const values = schema['enum'];
  if (type === undefined || schema['const'] !== undefined) return { anyOf: [schema, { type: 'null' }] };
  const types: readonly JsonValue[] = isArray(type) ? type : [type];
  const widened: MutableJsonObject = { ...schema, type: [...types, 'null'] };
  if (isArray(values) && !values.includes(null)) widened['enum'] = [...values, null];
  return widened;
}

/** Gives an object without properties one, for servers that refuse it. */
export function addPlaceholder(result: MutableJsonObject): void {
  const properties = result['properties'];
  if (isJsonObject(properties) && Object.keys(properties).length > 0) return;
  result['properties'] = { reason: { type: 'string', description: 'Why this is called' } };
  result['required'] = ['reason'];
}
