import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bearerKey, defineProvider } from '../providers/provider.ts';
import { accountCredential } from './account-record.ts';
import { expiryNames } from './token-times.ts';
import { userFields } from './user-settings.ts';

const manifest = defineProvider({
  id: 'fake',
  label: 'Fake',
  kind: 'direct',
  auth: [bearerKey('FAKE_KEY')],
  baseUrl: 'https://api.fake.test',
  endpoints: [{ dialect: 'openai-chat', path: '/v1/chat/completions' }],
  models: [],
  account: { types: ['fake'], refreshLeadMs: 0 },
});
const SECRET = 'fake-secret-0123456789';
const names = [...userFields, ...expiryNames, 'email', 'token', 'auth_kind', 'last_refresh', 'timestamp', 'expires_in'];
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('5', 'true', 'none', 'a,b', '2026-01-02', 'https://a.test/v1', '0001-01-01T00:00:00Z'),
  fc.array(fc.dictionary(fc.constantFrom('name', 'alias', 'status', 'match', 'action'), fc.jsonValue())),
);
const anyFields = fc.dictionary(fc.constantFrom(...names, ...names.map((name) => name.replaceAll('_', '-'))), value);

it('whatever people write into a record, it is read or refused with words, without its secret', () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      const record = {
        id: 'a.json',
        revision: 'r',
        modifiedAtMs: 0,
        fields: { type: 'fake', access_token: SECRET, ...fields },
      };
      const reading = accountCredential(record, [manifest]);
      const {
        credentials: [credential],
        ...told
      } = reading.state === 'ready' ? reading : { ...reading, credentials: [] };
      expect(JSON.stringify(told)).not.toContain(SECRET);
      if (credential === undefined) return;
      expect(credential.secret).toBe(SECRET);
      expect(Number.isSafeInteger(credential.priority)).toBe(true);
      expect(Number.isSafeInteger(credential.weight) && credential.weight <= 1_000_000).toBe(true);
      expect(credential.expiresAtMs ?? 1).toBeGreaterThan(0);
      // Whatever comes out, HTTP can carry it.
      expect(() => new Headers(credential.headers)).not.toThrow();
      expect(credential.baseUrl === undefined || /^https?:/.test(credential.baseUrl)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('a record that says the same in dashes is read the same', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...userFields), value), (fields) => {
      const dashed = Object.fromEntries(
        Object.entries(fields).map(([name, item]) => [name.replaceAll('_', '-'), item]),
      );
      const read = (extra: Record<string, unknown>): unknown => {
        const all = { type: 'fake', access_token: SECRET, ...extra };
        return accountCredential({ id: 'a.json', revision: 'r', modifiedAtMs: 0, fields: all }, [manifest]);
      };
      expect(read(dashed)).toEqual(read(fields));
    }),
  );
});
