import { expect, test } from 'vitest';
import { credential, provider } from '../../../test/support/pipeline-harness.ts';
import { makerOf } from './maker.ts';

const manifest = provider({ id: 'acme', baseUrl: 'https://acme.test/v1' });

test('the family is the provider, whatever the key', () => {
  expect(makerOf({ credential: credential('a'), provider: manifest })).toBe('acme');
  expect(makerOf({ credential: credential('b', { baseUrl: 'https://acme.test/v1' }), provider: manifest })).toBe(
    'acme',
  );
});

test('providers may share a family', () => {
  const twin = provider({ id: 'acme-cloud', signatures: { family: 'acme' } });
  expect(makerOf({ credential: credential('a'), provider: twin })).toBe('acme');
});

test('another server is a family of its own, the same for all its keys', () => {
  const at = (id: string, baseUrl: string) => makerOf({ credential: credential(id, { baseUrl }), provider: manifest });
  expect(at('a', 'https://relay.test')).toMatch(/^acme-[0-9a-f]{8}$/);
  expect(at('a', 'https://relay.test')).toBe(at('b', 'https://relay.test'));
  expect(at('a', 'https://relay.test')).not.toBe(at('a', 'https://other.test'));
});

test('where only the account can read its own, the account is named without its secret', () => {
  const closed = provider({ id: 'acme', signatures: { sameAccount: {} } });
  const [one, two] = ['a', 'b'].map((id) => makerOf({ credential: credential(id), provider: closed }));
  expect(one).toMatch(/^acme~[0-9a-f]{8}$/);
  expect(two).toMatch(/^acme~[0-9a-f]{8}$/);
  expect(one).not.toBe(two);
  expect(makerOf({ credential: credential('a'), provider: closed })).toBe(one);
});

test('keys of one organisation are one account when the configuration says so', () => {
  const closed = provider({ id: 'acme', signatures: { sameAccount: { header: 'x-org' } } });
  const makers = ['a', 'b'].map((id) =>
    makerOf({ credential: credential(id, { headers: { 'x-org': 'org-1' } }), provider: closed }),
  );
  expect(makers[0]).toBe(makers[1]);
  expect(makers[0]).not.toBe(makerOf({ credential: credential('a'), provider: closed }));
});
