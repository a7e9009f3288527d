import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/json.ts';
import { isArray, memberAt, setMember, stringsOf } from './node.ts';
import type { Profile } from './profile.ts';
import type { Report } from './report.ts';

/** Shuts an object for strict modes: no further properties, and where it must be, all of them required. */
export function closeObject(
  result: MutableJsonObject,
  node: JsonObject,
  path: string,
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
  const members = isJsonObject(properties) ? properties : {};
  const required = stringsOf(result['required']);
  const demanded = new Set(required);
  const optional = Object.keys(members).filter((name) => !demanded.has(name));
  const widened: MutableJsonObject = {};
  for (const name of Object.keys(members)) {
    const member = members[name];
    if (!isJsonObject(member)) continue;
    const absent = !demanded.has(name);
    if (absent) report.hinted(memberAt(path, 'properties', name), 'required');
    setMember(widened, name, absent && !isNullable(member) ? makeNullable(member) : member);
  }
  result['properties'] = widened;
  result['required'] = [...required, ...optional];
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
