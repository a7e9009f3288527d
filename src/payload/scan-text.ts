/** Searching a path where quotes, backslashes and brackets protect what they enclose. */

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

/** The index of the bracket that closes the one at `open`; -1 when there is none. */
export function closingIndex(text: string, open: number): number {
  const due: string[] = [];
  for (let at = open; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === '"') at = endOfQuote(text, at);
    else if (CLOSING[char] !== undefined) due.push(CLOSING[char]);
    else if (char === due.at(-1)) {
      due.pop();
      if (due.length === 0) return at;
    }
  }
  return -1;
}

/** The first place outside quotes and brackets for which `match` gives something. */
export function findOutside<T>(
  text: string,
  match: (rest: string) => T | undefined,
): { readonly at: number; readonly match: T } | undefined {
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === '"') at = endOfQuote(text, at);
    else if (CLOSING[char] !== undefined) {
      const close = closingIndex(text, at);
      at = close < 0 ? text.length : close;
    } else {
      const found = match(text.slice(at));
      if (found !== undefined) return { at, match: found };
    }
  }
  return undefined;
}

/** The parts between separators that stand outside quotes and brackets. */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let rest = text;
  for (;;) {
    const found = findOutside(rest, (from) => (from.startsWith(separator) ? separator : undefined));
    if (found === undefined) return [...parts, rest];
    parts.push(rest.slice(0, found.at));
    rest = rest.slice(found.at + separator.length);
  }
}

/** The index of the closing quote, or of the last character. */
function endOfQuote(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
