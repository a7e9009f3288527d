import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withNewFields } from './merge-account.ts';

const text = (value: unknown): string => JSON.stringify(value);

describe('new tokens in a record', () => {
  it('replace the old ones in their places, and add what is new at the end', () => {
    const old = { x_unknown: [1], access_token: 'old', note: 'mine', expired: 'then', type: 'claude' };
    const merged = withNewFields(old, { type: 'claude', access_token: 'new', expired: 'now', id_token: 'fake' });
    expect(text(merged)).toBe(
      text({ x_unknown: [1], access_token: 'new', note: 'mine', expired: 'now', type: 'claude', id_token: 'fake' }),
    );
  });

  it('leave what belongs to the user, however it is spelled', () => {
    const old = {
      access_token: 'old',
      prefix: 'mine',
      'proxy-url': 'direct',
      disabled: true,
      base_url: 'https://a.test',
    };
    const login = { access_token: 'new', prefix: '', proxy_url: '', disabled: false, base_url: 'https://b.test' };
    expect(withNewFields(old, login)).toEqual({ ...old, access_token: 'new' });
    expect(withNewFields({ access_token: 'old' }, login)).toEqual(login);
  });

  it('take the place of an old date under another name', () => {
    const old = { expires_at: 1_700_000_000, access_token: 'old', expire: 'then' };
    expect(text(withNewFields(old, { access_token: 'new', expired: 'now' }))).toBe(
      text({ expired: 'now', access_token: 'new' }),
    );
    expect(text(withNewFields({ ...old, expired: 'then' }, { expired: 'now' }))).toBe(
      text({ access_token: 'old', expired: 'now' }),
    );
    expect(withNewFields(old, { access_token: 'new' })).toEqual({ ...old, access_token: 'new' });
  });

  it('go where the old ones are, when those are in `token`', () => {
    const old = { token: { access_token: 'old', expiry: 'then', scope: 's' }, type: 'gemini', note: 'mine' };
    const changes = { access_token: 'new', refresh_token: 'fake', expired: 'now', last_refresh: 'now' };
    expect(text(withNewFields(old, changes))).toBe(
      text({
        token: { access_token: 'new', expired: 'now', scope: 's', refresh_token: 'fake' },
        type: 'gemini',
        note: 'mine',
        last_refresh: 'now',
      }),
    );
  });

  it('may be null, and undefined changes nothing', () => {
    expect(withNewFields({ a: 1, b: 2 }, { a: null, b: undefined })).toEqual({ a: null, b: 2 });
  });

  it('keep every field and the order of all others', () => {
    const fields = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.jsonValue());
    const changes = fc.record({ access_token: fc.string(), refresh_token: fc.string() });
    fc.assert(
      fc.property(fields, changes, (old, change) => {
        fc.pre(!('token' in old));
        const merged = withNewFields(old, change);
        expect(Object.keys(merged).slice(0, Object.keys(old).length)).toEqual(Object.keys(old));
        expect(merged).toEqual({ ...old, ...change });
        expect(text(withNewFields(merged, change))).toBe(text(merged));
      }),
    );
  });
});
