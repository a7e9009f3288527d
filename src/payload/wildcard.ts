/** A pattern over a whole text. */
export type Wildcard = readonly WildcardToken[];

/** One character, any one character, or any run of characters. */
export type WildcardToken = { readonly char: string } | 'one' | 'any';

/** `*` stands for any run of characters, everything else for itself. */
export function nameWildcard(text: string): Wildcard {
  return [...text].map((char) => (char === '*' ? 'any' : { char }));
}

/** `*` any run, `?` any one character, a backslash takes the meaning from the next one. */
export function queryWildcard(text: string): Wildcard {
  const tokens: WildcardToken[] = [];
  let escaped = false;
  for (const char of text) {
    if (escaped || !'\\*?'.includes(char)) tokens.push({ char });
    else if (char !== '\\') tokens.push(char === '*' ? 'any' : 'one');
    escaped = !escaped && char === '\\';
  }
  return tokens;
}

/**
 * Whether the pattern matches the whole text, case and all; an empty pattern matches nothing. Walks back to the last
 * `*` only, so that no text of a client takes more than length times pattern.
 */
export function matchesWildcard(wildcard: Wildcard, text: string): boolean {
  if (wildcard.length === 0) return false;
  const chars = [...text];
  let at = 0;
  let token = 0;
  let star = -1;
  let starAt = 0;
  while (at < chars.length) {
    const current = wildcard[token];
    if (current === 'any') {
      star = token++;
      starAt = at;
    } else if (current === 'one' || (current !== undefined && current.char === chars[at])) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  return wildcard.slice(token).every((rest) => rest === 'any');
}
