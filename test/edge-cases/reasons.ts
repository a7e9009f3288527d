/** Why names have no case here: the same words for the same kind, because they are counted together. */
export const reasons = {
  imitation: "imitation of another client's requests (headers, prompts, ids, tool names): evasion",
  oauthAccount: 'logins of Claude accounts are not part of this yet',
  interactions: "Google's Interactions API is not a dialect of this",
  otherAccounts: 'a provider that is not part of this (Antigravity, Kimi, xAI and Codex accounts, AI Studio relay)',
  images: 'image endpoints are not part of this yet',
  goInternal: 'an internal of the Go program (reuse of slices, locks, races, marshalling) without a counterpart here',
  home: "the control plane of the reference's instances (Home) is not part of this",
  untouched: 'a rewrite of what goes through byte for byte here, over HTTP and WebSocket alike',
} as const;
