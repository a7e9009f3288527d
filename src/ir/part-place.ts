import type { Part } from './part.ts';
import type { Message } from './request.ts';
import type { TranslationWarning } from './warning.ts';

/** Beside the parts, as only who reads a warning wants to know it. */
const places = new WeakMap<Part, string>();

/** Notes where in the client's body a part stands, if not at `content[index]` of its message. Returns the part. */
export function placePart<T extends Part>(part: T, path: string): T {
  places.set(part, path);
  return part;
}

const IN_CONTENT = /^(.*?)\.content\[(\d+)\]/;

/** The warnings with the places of the client's body instead of those of these messages. */
export function withClientPlaces(
  warnings: readonly TranslationWarning[],
  messages: readonly Message[],
): readonly TranslationWarning[] {
  if (!warnings.some(({ path }) => IN_CONTENT.test(path))) return warnings;
  const contents = new Map(messages.map(({ path, content }) => [path, content]));
  return warnings.map(({ path, reason }) => {
    const [all = '', message = '', index] = IN_CONTENT.exec(path) ?? [];
    const part = contents.get(message)?.[Number(index)];
    const place = part && places.get(part);
    return { path: place === undefined ? path : `${place}${path.slice(all.length)}`, reason };
  });
}
