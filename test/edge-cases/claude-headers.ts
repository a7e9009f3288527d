/** The headers of a call to Claude. */
import type { Credential } from '../../src/credentials/credential.ts';
import { upstreamHeaders } from '../../src/pipeline/upstream-headers.ts';
import { claude } from '../../src/providers/claude/index.ts';
import { credential } from '../support/pipeline-harness.ts';

/** With a credential like this, for a client with these headers. */
export function claudeHeaders(
  changes: Partial<Credential>,
  client: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const target = {
    credential: credential('c1', { provider: 'claude', ...changes }),
    provider: claude,
    model: 'm',
    info: undefined,
    forceMapping: false,
  };
  return upstreamHeaders(target, client, 'llmproxy/test');
}
