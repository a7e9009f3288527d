import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVertexVendor } from '../../../test/support/vendors/google.ts';
import { type Internet, startInternet } from '../../../test/support/vendors/internet.ts';
import type { AccountVendor } from '../../../test/support/vendors/vendor.ts';
import type { LoginIo, NewAccount } from '../../auth/login.ts';
import { account } from './account.ts';

let vendor: AccountVendor;
let internet: Internet;
beforeEach(async () => {
  vendor = createVertexVendor();
  internet = await startInternet(vendor);
});
afterEach(async () => {
  expect(vendor.complaints).toEqual([]);
  await internet.close();
});

// Google compares what was signed with its own clock.
const NOW = Math.floor(Date.now() / 1000) * 1000;
const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

async function bring(text: string, options: LoginIo['options'] = {}): Promise<NewAccount> {
  const [method] = account.logins ?? [];
  if (method?.type !== 'file') throw new Error('no file is asked for');
  const io = { fetch: internet.fetch, now: () => NOW, signal: AbortSignal.timeout(10_000), client: undefined, options };
  return method.finish({ ...io, progress: () => {} }, text);
}

describe('a service account', () => {
  it('is tried and kept, however its key was copied', async () => {
    const text = vendor.secret?.('ann') ?? '';
    const { recordId, fields } = await bring(text.replaceAll('\\n', '\\r\\n'));
    expect(recordId).toBe('vertex-project-of-ann.json');
    expect(fields).toMatchObject({
      type: 'vertex',
      project_id: 'project-of-ann',
      email: 'ann@project-of-ann.iam.gserviceaccount.com',
      location: 'us-central1',
      service_account: { private_key: JSON.parse(text).private_key },
      expired: moment(NOW + 3_599_000),
    });
    expect(account.serve?.(fields)).toEqual({
      secret: fields['access_token'],
      baseUrl: 'https://us-central1-aiplatform.googleapis.com',
      parameters: { project: 'project-of-ann', location: 'us-central1' },
    });
  });

  it('can be for another project and location', async () => {
    const { fields } = await bring(vendor.secret?.('ann') ?? '', { project: 'p-2', location: 'Global' });
    expect(account.serve?.(fields)).toMatchObject({
      baseUrl: 'https://aiplatform.googleapis.com',
      parameters: { project: 'p-2', location: 'global' },
    });
  });

  it('makes new tokens with its key', async () => {
    const { fields } = await bring(vendor.secret?.('ann') ?? '');
    const io = { fetch: internet.fetch, nowMs: NOW + 3_600_000, signal: AbortSignal.timeout(10_000) };
    const changes = (await account.refresh?.(fields, io)) ?? {};
    expect(changes).toMatchObject({ expired: moment(NOW + 7_199_000) });
    expect(changes['access_token']).not.toBe(fields['access_token']);
    expect(Object.keys(changes)).not.toContain('service_account');
  });

  it.each([
    ['no JSON', 'a JSON object; this is none'],
    ['[]', 'a JSON object; this is none'],
    ['{"type":"authorized_user"}', 'its type is not service_account'],
    ['{"client_email":"a@b.example"}', 'it has no private_key'],
  ])('is not %s', async (text, message) => {
    await expect(bring(text)).rejects.toThrow(message);
  });

  it('whose key Google does not know is not kept', async () => {
    const stranger = createVertexVendor().secret?.('ann') ?? '';
    await expect(bring(stranger)).rejects.toThrow('account not found');
  });

  it.each(['evil.example/', 'a b', '../x'])('is in no location as %s', async (location) => {
    await expect(bring(vendor.secret?.('ann') ?? '', { location })).rejects.toThrow('a location is a name');
  });
});

it('a record without a project or a token', () => {
  expect(() => account.serve?.({ type: 'vertex' })).toThrow('it has no service_account');
  expect(() => account.serve?.({ service_account: {} })).toThrow('it has no project_id');
  expect(account.serve?.({ service_account: { project_id: 'p' } })).toMatchObject({ secret: null });
});
