import type { JsonObject, JsonValue } from './json.ts';

type Shallow<V> = V extends readonly unknown[] ? readonly JsonValue[] : V extends object ? JsonObject : V;

/**
 * One level of a wire type, for `satisfies` where an encoder builds it: its names and plain values are checked there,
 * nested objects where they are built themselves. Optional members may be undefined.
 */
export type Level<T> = T extends unknown
  ? { readonly [K in keyof T]: Record<string, never> extends Pick<T, K> ? Shallow<T[K]> | undefined : Shallow<T[K]> }
  : never;

/** Some members of a {@link Level}, for objects that are spread into it. */
export type Some<T> = T extends unknown ? Partial<Level<T>> : never;
