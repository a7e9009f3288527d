/** Headers of the configuration whose value names a header of the client. */
import { expect } from 'vitest';
import { upstreamHeaders } from '../../../src/pipeline/upstream-headers.ts';
import { providers } from '../../../src/providers/index.ts';
import { credential, provider } from '../../support/pipeline-harness.ts';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';

const HEADERS = { 'X-Fixed': 'as it is', 'X-Copy': '$X-Trace', 'X-Absent': '$X-Nothing', 'X-Price': '$ 5' };

/** The headers of a call to a provider, by its id; without an id, to a server of the user's own. */
function sent(id: string | undefined, streams: boolean): Readonly<Record<string, string>> {
  const manifest = id === undefined ? provider() : providers.find((known) => known.id === id);
  if (manifest === undefined) throw new Error(`no provider ${id}`);
  const target = {
    credential: credential('c1', { provider: manifest.id, headers: HEADERS }),
    provider: manifest,
    model: 'm',
    info: undefined,
    forceMapping: false,
  };
  const accept = streams ? { accept: 'text/event-stream' } : {};
  return upstreamHeaders(target, { 'x-trace': 'of the client', ...accept }, 'llmproxy/test');
}

function copies(id: string | undefined, streams = false): () => void {
  return () => {
    const headers = sent(id, streams);
    expect(headers).toMatchObject({ 'x-fixed': 'as it is', 'x-copy': 'of the client', 'x-price': '$ 5' });
    expect(headers).not.toHaveProperty('x-absent');
    expect(headers).not.toHaveProperty('x-trace');
  };
}

export const customMagicHeaders: Group = {
  group: 'custom_magic_headers',
  entries: [
    { names: ['CustomMagicHeaders_OpenAICompat'], run: copies(undefined) },
    { names: ['CustomMagicHeaders_OpenAICompat_Stream'], run: copies(undefined, true) },
    { names: ['CustomMagicHeaders_Gemini'], run: copies('gemini') },
    { names: ['CustomMagicHeaders_GeminiVertex'], run: copies('vertex') },
    { names: ['CustomMagicHeaders_XAI'], run: copies('xai') },
    { names: ['CustomMagicHeaders_Claude'], run: copies('claude') },
    { names: ['CustomMagicHeaders_Codex'], run: copies('codex') },
    { names: ['CustomMagicHeaders_GeminiInteractions'], because: reasons.interactions },
  ],
};
