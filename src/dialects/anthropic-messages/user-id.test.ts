import { expect, it } from 'vitest';
import type { GenerationRequest } from '../../ir/index.ts';
import { encodeRequest } from './encode-request.ts';

function metadataFor(more: Partial<GenerationRequest>): unknown {
  const request = { model: 'm', stream: false, messages: [], tools: [], sampling: {}, extensions: {}, ...more };
  return encodeRequest(request, { model: 'claude', stream: false, quirks: {} }).value['metadata'];
}

it.each([
  [{}, undefined],
  [{ user: 'u' }, { user_id: 'u' }],
  [{ metadata: { other: 'x' } }, undefined],
  [{ metadata: { user_id: 'm' } }, { user_id: 'm' }],
  [{ metadata: { user_id: 'm' }, user: 'u' }, { user_id: 'm' }],
  [{ metadata: { user_id: '' }, user: 'u' }, { user_id: 'u' }],
  [{ metadata: { user_id: 7 }, user: 'u' }, { user_id: 'u' }],
  [
    { user: 'u', extensions: { 'anthropic-messages': { metadata: { own: 1 } } } },
    { own: 1, user_id: 'u' },
  ],
] as const)('%j gives %j', (more, metadata) => expect(metadataFor(more)).toEqual(metadata));
