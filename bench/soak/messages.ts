/** What the process of the providers tells the one that drives the soak. */

/** It listens. */
export interface UpstreamReady {
  readonly type: 'ready';
  readonly origin: string;
  /** Another way to the same, closed every now and then. */
  readonly flaky: string;
  /** The token endpoint. */
  readonly identity: string;
}

/** What it did so far. */
export interface UpstreamCounts {
  readonly type: 'counts';
  readonly counts: Readonly<Record<string, number>>;
  /** Connections through the flaky way that are open now. */
  readonly flaky: number;
}
