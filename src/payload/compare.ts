import { isJsonObject, type JsonValue } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import type { Comparison, Operator } from './path.ts';
import { matchesWildcard } from './wildcard.ts';

/** Whether a value stands in that relation to the operand, which is read as the value's own type. */
export function compares(value: JsonValue, { operator, operand, pattern }: Comparison): boolean {
  if (typeof value === 'string') {
    if (operator === '%') return matchesWildcard(pattern, value);
    if (operator === '!%') return !matchesWildcard(pattern, value);
    return relates(operator, value < operand ? -1 : value > operand ? 1 : 0);
  }
  if (typeof value === 'number') {
    const number = operand === '' ? Number.NaN : Number(operand);
    return Number.isNaN(number) ? operator === '!=' : relates(operator, Math.sign(value - number));
  }
  if (typeof value === 'boolean') {
    // false stands before true.
    if (operand !== 'true' && operand !== 'false') return operator === '!=';
    return relates(operator, Number(value) - Number(operand === 'true'));
  }
  if (value === null) return operator === '==' ? operand === 'null' : operator === '!=' && operand !== 'null';
  return false;
}

function relates(operator: Operator, order: number): boolean {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '%':
    case '!%':
      return false;
  }
}

/** Whether two JSON values are the same; the order of an object's keys does not matter. */
export function jsonEquals(a: JsonValue, b: JsonValue): boolean {
  if (isJsonArray(a)) {
    return isJsonArray(b) && a.length === b.length && a.every((item, index) => jsonEquals(item, b[index] ?? null));
  }
  if (!isJsonObject(a)) return a === b;
  if (!isJsonObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && jsonEquals(a[key] ?? null, b[key] ?? null));
}
