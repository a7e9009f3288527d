import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allowed, CLIENT_KEY, type Door, doorNames, openDoor } from '../../test/support/data-plane.ts';
import { principalOf } from '../access/config-api-key.ts';
import type { ModelListing } from './routes/models.ts';

const models: readonly ModelListing[] = [
  {
    id: 'team/big',
    provider: 'Acme',
    info: {
      id: 'big-1',
      displayName: 'Big One',
      createdAtS: 1_700_000_000,
      ownedBy: 'acme',
      contextLength: 200_000,
      maxOutputTokens: 32_000,
      capabilities: { reasoning: true },
    },
  },
  { id: 'local', provider: 'Local server' },
  { id: 'third', provider: 'Acme' },
];

const claude = { 'x-api-key': CLIENT_KEY, 'anthropic-version': '2023-06-01' };
const google = { 'x-goog-api-key': CLIENT_KEY };

const openaiBig = {
  id: 'team/big',
  object: 'model',
  created: 1_700_000_000,
  owned_by: 'acme',
  context_length: 200_000,
  max_completion_tokens: 32_000,
};
const claudeBig = {
  type: 'model',
  id: 'team/big',
  display_name: 'Big One',
  created_at: '2023-11-14T22:13:20Z',
  max_input_tokens: 200_000,
  max_tokens: 32_000,
};
const geminiBig = {
  name: 'models/team/big',
  baseModelId: 'team/big',
  version: '001',
  displayName: 'Big One',
  inputTokenLimit: 200_000,
  outputTokenLimit: 32_000,
  supportedGenerationMethods: ['generateContent', 'countTokens'],
  thinking: true,
};

describe.each(doorNames)('model lists through the %s door', (name) => {
  let door: Door;
  let askedBy: (string | undefined)[];

  beforeEach(async () => {
    askedBy = [];
    door = await openDoor(name, {
      listModels: (principal) => {
        askedBy.push(principal);
        return models;
      },
      findModel: (id) => models.find((model) => model.id === id),
    });
  });
  afterEach(() => door.server.close(0));

  async function get(path: string, headers: Record<string, string>): Promise<unknown> {
    const response = await door.send(path, { headers });
    expect(response.status).toBe(200);
    return response.json();
  }

  it('with an empty Codex catalogue for clients that ask as Codex does', async () => {
    const plain = await get('/v1/models', { ...allowed });
    expect(plain).not.toHaveProperty('models');
    for (const path of ['/v1/models', '/backend-api/codex/models']) {
      expect(await get(`${path}?client_version=0.169.0`, { ...allowed })).toEqual(Object.assign({ models: [] }, plain));
    }
  });

  it('OpenAI shape', async () => {
    expect(await get('/v1/models', allowed)).toEqual({
      object: 'list',
      data: [
        openaiBig,
        { id: 'local', object: 'model', created: 0, owned_by: 'Local server' },
        { id: 'third', object: 'model', created: 0, owned_by: 'Acme' },
      ],
    });
    expect(await get('/v1/models/team/big', allowed)).toEqual(openaiBig);
    expect(askedBy).toEqual([principalOf(CLIENT_KEY)]);
  });

  it('Claude shape, whole and in pages', async () => {
    expect(await get('/v1/models', claude)).toMatchObject({ has_more: false, first_id: 'team/big', last_id: 'third' });
    expect(await get('/v1/models?limit=1', claude)).toEqual({
      data: [claudeBig],
      has_more: true,
      first_id: 'team/big',
      last_id: 'team/big',
    });
    expect(await get('/v1/models?limit=2&after_id=team%2Fbig', claude)).toMatchObject({
      data: [{ id: 'local', display_name: 'local', created_at: '1970-01-01T00:00:00Z' }, { id: 'third' }],
      has_more: false,
    });
    expect(await get('/v1/models?limit=1&before_id=third', claude)).toMatchObject({
      data: [{ id: 'local' }],
      has_more: true,
    });
    expect(await get('/v1/models?after_id=third', claude)).toEqual({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
    expect(await get('/v1/models/team%2Fbig', claude)).toEqual(claudeBig);
  });

  it('Gemini shape, whole and in pages', async () => {
    for (const path of ['/v1/models', '/v1beta/models']) {
      const list = await get(path, google);
      expect(list).toMatchObject({ models: [geminiBig, { name: 'models/local' }, { name: 'models/third' }] });
      expect(list).not.toHaveProperty('nextPageToken');
    }
    expect(await get('/v1beta/models?pageSize=2', google)).toMatchObject({
      models: [geminiBig, { name: 'models/local' }],
      nextPageToken: '2',
    });
    expect(await get('/v1beta/models?pageSize=2&pageToken=2', google)).toMatchObject({
      models: [{ name: 'models/third' }],
    });
    expect(await get('/v1beta/models/team/big', google)).toEqual(geminiBig);
  });

  it.each([
    ['/v1/models/nope', allowed, 'chat'],
    ['/v1/models/nope', claude, 'messages'],
    ['/v1beta/models/nope', google, 'gemini'],
  ])('unknown model: GET %s (%#)', async (path, headers, dialect) => {
    const response = await door.send(path, { headers });
    expect([response.status, await response.json()]).toMatchObject([404, { dialect, code: 'model_not_found' }]);
  });

  it('needs a key, and says so in the dialect of the headers', async () => {
    const bare = await door.send('/v1/models', { headers: { 'anthropic-version': '2023-06-01' } });
    expect([bare.status, await bare.json()]).toMatchObject([401, { dialect: 'messages' }]);
    const wrong = await door.send('/v1beta/models', { headers: { 'x-goog-api-key': 'wrong' } });
    expect([wrong.status, await wrong.json()]).toMatchObject([401, { dialect: 'gemini' }]);
  });

  it('refuses a page token it never gave', async () => {
    const response = await door.send('/v1beta/models?pageToken=x', { headers: google });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'invalid_request' }]);
  });
});
