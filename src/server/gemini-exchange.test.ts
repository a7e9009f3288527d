import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowed, type Door, doorNames, openDoor } from '../../test/support/data-plane.ts';

describe.each(doorNames)('what the URL tells the pipeline through the %s door', (name) => {
  let door: Door;
  beforeEach(async () => {
    door = await openDoor(name);
  });
  afterEach(() => door.server.close(0));

  it.each([
    [
      '/v1beta/models/a/b:generateContent',
      { operation: 'generate', urlModel: 'a/b', urlStream: false, framing: 'sse' },
    ],
    [
      '/v1/models/m:streamGenerateContent?alt=sse',
      { operation: 'generate', urlModel: 'm', urlStream: true, framing: 'sse' },
    ],
    ['/v1beta/models/m:streamGenerateContent?%24alt=sse', { urlStream: true, framing: 'sse' }],
    ['/v1beta/models/m:streamGenerateContent', { urlStream: true, framing: 'json-array' }],
    ['/v1beta/models/m:streamGenerateContent?alt=json', { urlStream: true, framing: 'json-array' }],
    ['/v1beta/models/m:countTokens', { operation: 'count-tokens', urlModel: 'm', urlStream: false }],
    ['/v1/messages/count_tokens', { operation: 'count-tokens', dialect: 'messages', framing: 'sse' }],
  ])('%s', async (path, expected) => {
    const response = await door.send(path, { method: 'POST', body: '{}', headers: allowed });
    expect(await response.json()).toMatchObject(expected);
  });

  it('leaves model and streaming of the other dialects to the body', async () => {
    const response = await door.send('/v1/responses', { method: 'POST', body: '{}', headers: allowed });
    const seen = await response.json();
    expect(seen).not.toHaveProperty('urlModel');
    expect(seen).not.toHaveProperty('urlStream');
  });
});
