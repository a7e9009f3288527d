/** What tells one conversation from others, so that its requests can stay on one account. */
export interface SessionKey {
  /** Bounded in length; the client's own words are hashed in it. */
  readonly key: string;
  /** A weaker name of the same conversation, under which its first turns may have been bound. */
  readonly fallback?: string | undefined;
  /** How long the provider keeps the conversation's prefix, as the request asks; absent: the configured time. */
  readonly ttlMs?: number | undefined;
}
