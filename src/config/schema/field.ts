import { z } from 'zod';

/** Whether a key does something today: `now`; accepted and waiting for its feature: `later`; accepted and ignored: `never`. */
export type Effect = 'now' | 'later' | 'never';

/** What the schema knows of a key beyond its type. */
export interface FieldMeta {
  readonly effect: Effect;
  readonly description: string;
  /** Value for the generated example file; the default when absent. */
  readonly example?: unknown;
  /** Why the key has no effect, when it is not the usual reason. */
  readonly note?: string;
}

/** One schema per key of `T`; a key that is optional in `T` has a schema that accepts its absence. */
export type Shape<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };

/** Attaches description and effect to a schema. Call it last: zod wrappers do not inherit the metadata. */
export function field<T extends z.ZodType>(
  schema: T,
  effect: Effect,
  description: string,
  extra: Pick<FieldMeta, 'example' | 'note'> = {},
): T {
  return schema.meta({ ...extra, effect, description });
}

/** The metadata of a schema made by {@link field}. */
export function fieldMeta(schema: z.ZodType): FieldMeta | undefined {
  const meta = schema.meta();
  if (meta === undefined) return undefined;
  const { effect, description, example, note } = meta;
  if (effect !== 'now' && effect !== 'later' && effect !== 'never') return undefined;
  return {
    effect,
    description: description ?? '',
    ...(example === undefined ? {} : { example }),
    ...(typeof note === 'string' ? { note } : {}),
  };
}

/** An object schema. Keys of `untyped` are checked, but no code of ours reads them yet. */
export function object<T>(typed: Shape<T>, untyped: Readonly<Record<string, z.ZodType>> = {}): z.ZodType<T> {
  // cast: the compiler cannot compute the output of a generic shape; Shape<T> has checked it key by key.
  return z.object({ ...typed, ...untyped }) as unknown as z.ZodType<T>;
}

/** An object schema that fills in its own defaults when the key is absent. */
export function section<T>(typed: Shape<T>, untyped: Readonly<Record<string, z.ZodType>> = {}): z.ZodType<T> {
  return object(typed, untyped).prefault({});
}

/** Whole number within bounds. */
export function whole(min: number, max: number): z.ZodNumber {
  return z.number().int().min(min).max(max);
}

/** A Go-style duration: `3h`, `1h30m`, `250ms`. */
export function duration(fallback: string): z.ZodType<string> {
  return z
    .string()
    .regex(/^(0|(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+)$/, { error: 'expected a duration such as 30s, 5m or 1h30m' })
    .default(fallback);
}

/** Proxy setting: empty, `direct`, or a URL; `none` is another word for `direct`. */
export function proxyUrl(): z.ZodType<string> {
  return z
    .string()
    .trim()
    .refine((text) => /^(direct|none)?$/i.test(text) || isProxyUrl(text), {
      error: 'expected an http, https, socks5 or socks5h URL, direct, or none',
    })
    .transform((text) => (/^(direct|none)$/i.test(text) ? 'direct' : text))
    .default('');
}

function isProxyUrl(text: string): boolean {
  const url = URL.parse(text);
  // Without slashes `socks5:host:1080` is a URL as well, of no host.
  return url !== null && url.hostname !== '' && /^(https?|socks5h?):$/.test(url.protocol);
}

/** Text list; blanks trimmed, empty and repeated items dropped. */
export function textList(item: z.ZodType<string> = z.string().trim()): z.ZodType<string[]> {
  return z
    .array(item)
    .transform((items) => [...new Set(items.filter((item) => item !== ''))])
    .default([]);
}

/** What HTTP takes as the value of a header: a typographic dash or a line break in a pasted key is neither. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;
/** A header name; the connection's own headers are not for users to set. */
const headerName = /^(?!(?:content-length|transfer-encoding)$)[\w!#$%&'*+.^`|~-]+$/i;
const unsendable = 'expected only characters that an HTTP header can carry';

/** Text that is sent in a header: a provider's key. */
export function headerText(): z.ZodType<string> {
  return z.string().trim().regex(headerValue, { error: unsendable });
}

/** Headers by name. */
export function headerMap(): z.ZodType<Record<string, string>> {
  const entries = z.record(z.string(), z.string().regex(headerValue, { error: unsendable }));
  return entries
    .refine((headers) => Object.keys(headers).every((name) => headerName.test(name)), {
      error: 'expected names that an HTTP request can carry, without Content-Length and Transfer-Encoding',
    })
    .default({});
}
