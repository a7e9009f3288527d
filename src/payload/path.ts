import type { Wildcard } from './wildcard.ts';

/** One step of a payload path. */
export type PathStep = KeyStep | { readonly kind: 'append' } | { readonly kind: 'each' } | PatternStep | QueryStep;

/** A member of an object, or of a list when the name is a number. */
export interface KeyStep {
  readonly kind: 'key';
  readonly name: string;
  /** Absent: only ever a member of an object. */
  readonly index?: number;
}

/** Every member whose key matches; conditions only. */
export interface PatternStep {
  readonly kind: 'pattern';
  readonly keys: Wildcard;
}

/** Elements of a list that fulfil a query: `#(...)` the first, `#(...)#` all. */
export interface QueryStep {
  readonly kind: 'query';
  readonly all: boolean;
  readonly query: Query;
}

/** A way into a JSON value; empty: the value itself. */
export type Path = readonly PathStep[];

/** What a query compares with. */
export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '%' | '!%';

/** A query about one value: `or` of `and`s of terms. */
export interface Query {
  readonly anyOf: readonly (readonly QueryTerm[])[];
}

/** One comparison; without an operator: that the path leads somewhere. */
export interface QueryTerm {
  readonly path: Path;
  readonly comparison?: Comparison;
}

/** The right side of a term. */
export interface Comparison {
  readonly operator: Operator;
  readonly operand: string;
  /** The operand as a wildcard, for `%` and `!%`. */
  readonly pattern: Wildcard;
}

/** Keys from the root of a JSON value: numbers in lists, text in objects. */
export type Location = readonly (string | number)[];
