/** What a path of Google's Code Assist asks for: what Gemini CLI sends to `CODE_ASSIST_ENDPOINT`. */
export type CodeAssistCall =
  /** A generating request or a count, in an envelope. */
  | { readonly type: 'call'; readonly action: 'generateContent' | 'streamGenerateContent' | 'countTokens' }
  /** About the account, the client's settings, or what it was used for. */
  | { readonly type: 'method'; readonly method: string };

/** Reads `/v1internal:{method}` and `/v1internal/operations/{name}`; undefined for any other path. */
export function matchCodeAssist(path: string): CodeAssistCall | undefined {
  if (!path.startsWith('/v1internal')) return undefined;
  const [, method] = /^\/v1internal:([A-Za-z]+)$/.exec(path) ?? [];
  if (method === 'generateContent' || method === 'streamGenerateContent' || method === 'countTokens') {
    return { type: 'call', action: method };
  }
  if (method !== undefined) return { type: 'method', method };
  return /^\/v1internal\/operations\/[\w./-]+$/.test(path) ? { type: 'method', method: 'operation' } : undefined;
}
