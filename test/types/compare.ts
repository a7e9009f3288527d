/** Type-level comparison of our wire types with those of an SDK. Nothing here exists at run time. */

/** Without `readonly`, which the SDKs' types do not have; parsed JSON of any shape may stand for anything. */
export type Wire<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer V)[]
    ? Wire<V>[]
    : string extends keyof T
      ? Loose
      : { -readonly [K in keyof T]: Wire<T[K]> };

// biome-ignore lint/suspicious/noExplicitAny: schemas and the client's own members are not ours to describe
type Loose = any;

/** Fails to compile unless the first type can be used as the second. */
export type AssertAssignable<Ours extends Sdk, Sdk> = Ours;

/** A reason for every member of the union; none may be left over. */
export type Reasons<Union extends PropertyKey> = [Union] extends [never]
  ? Record<string, never>
  : Readonly<Record<Union, string>>;

/** The words or members of the SDK that are not ours. */
export type Missing<Sdk, Ours> = Reasons<Exclude<Sdk, Ours> & string>;

/** All members of a union of objects. */
export type MembersOf<T> = T extends unknown ? keyof T : never;

/** The values of an enum as plain strings. */
export type Words<E extends string> = `${E}`;

/** The `type` of each object of a union. */
export type TypesOf<T> = T extends { type?: infer U } ? Exclude<U, null | undefined> : never;

/** Lists with a reason each, for a test that none is empty. */
export function withoutReason(lists: Readonly<Record<string, Readonly<Record<string, string>>>>): string[] {
  return Object.entries(lists).flatMap(([list, reasons]) =>
    Object.entries(reasons).flatMap(([member, reason]) => (reason.trim() === '' ? [`${list}.${member}`] : [])),
  );
}
