import { describe, expect, test } from 'vitest';
import { credential, provider, target } from '../../../test/support/pipeline-harness.ts';
import type { Manifest, SignatureRules } from '../../providers/provider.ts';
import type { Target } from '../../routing/target.ts';
import { makerOf } from './maker.ts';
import { Provenance } from './provenance.ts';

const endpoints: Manifest['endpoints'] = [{ dialect: 'd', path: '/d' }];
const members = ['signature'];

/** A target at the provider's own server. */
function at(id: string, key = 'k', signatures: SignatureRules = {}, more: Partial<Target> = {}): Target {
  const manifest = provider({ id, endpoints, signatures });
  return { ...target('', key), credential: credential(`${id}-${key}`), provider: manifest, ...more };
}
const body = (signature: string): Buffer => Buffer.from(JSON.stringify({ m: [{ signature }] }));

describe('two families of one dialect', () => {
  const [one, two] = [at('one'), at('two')];
  const provenance = new Provenance([one, two]);
  provenance.watch('d', members, one)?.pushWhole(body('of-one'));
  provenance.add({ origin: 'd', value: '{"type":"x","signature":"in-entry"}' }, 'one', members);
  provenance.add({ origin: 'd', value: 'bare' }, 'one', members);

  test.for(['of-one', 'in-entry', 'bare'])('%s stays with its maker', (signature) => {
    expect(provenance.holdsForeign(body(signature), 'd', members, one)).toBe(false);
    expect(provenance.holdsForeign(body(signature), 'd', members, two)).toBe(true);
    expect(provenance.isForeign({ origin: 'd', value: signature }, members, one)).toBe(false);
    expect(provenance.isForeign({ origin: 'd', value: signature }, members, two)).toBe(true);
  });

  test('a whole entry is known by the signature in it', () => {
    const entry = { origin: 'd', value: '{"format":"f","signature":"in-entry"}' };
    expect([one, two].map((target) => provenance.isForeign(entry, members, target))).toEqual([false, true]);
  });

  test('what was never seen may pass', () => {
    expect(provenance.holdsForeign(body('new'), 'd', members, two)).toBe(false);
    expect(provenance.isForeign({ origin: 'd', value: 'new' }, members, two)).toBe(false);
  });

  test('a tag says it without any memory', () => {
    expect(provenance.isForeign({ origin: 'd', value: 'new', maker: 'one' }, members, one)).toBe(false);
    expect(provenance.isForeign({ origin: 'd', value: 'new', maker: 'one' }, members, two)).toBe(true);
  });

  test('dialects that carry no signatures are not looked at', () => {
    expect(provenance.watch('d', [], one)).toBeUndefined();
    expect(provenance.holdsForeign(body('of-one'), 'd', [], two)).toBe(false);
  });
});

test('one family alone is never watched nor searched', () => {
  const one = at('one', 'a');
  const provenance = new Provenance([one, at('one', 'b')]);
  expect(provenance.watch('d', members, one)).toBeUndefined();
  provenance.add({ origin: 'd', value: 'x' }, 'other', members);
  expect(provenance.isForeign({ origin: 'd', value: 'x' }, members, one)).toBe(false);
  expect(provenance.holdsForeign(body('x'), 'd', members, one)).toBe(false);
});

test('two accounts that cannot read each other are two makers', () => {
  const closed = { family: 'f', sameAccount: {} };
  const [a, b] = [at('one', 'a', closed), at('one', 'b', closed)];
  const provenance = new Provenance([a, b]);
  provenance.watch('d', members, a)?.pushWhole(body('of-a'));
  expect([a, b].map((target) => provenance.holdsForeign(body('of-a'), 'd', members, target))).toEqual([false, true]);
  expect(makerOf(a)).not.toBe(makerOf(b));
});

test('a form that is not the family’s is foreign, except at somebody else’s server', () => {
  const known = at('one', 'a', { prefix: 'gAAAA' });
  const relay = { ...known, credential: credential('relay', { baseUrl: 'https://relay.test' }) };
  const provenance = new Provenance([known, relay]);
  expect(provenance.holdsForeign(body('gAAAAx'), 'd', members, known)).toBe(false);
  expect(provenance.holdsForeign(body('Ex'), 'd', members, known)).toBe(true);
  expect(provenance.isForeign({ origin: 'd', value: 'Ex' }, members, known)).toBe(true);
  expect(provenance.holdsForeign(body('Ex'), 'd', members, relay)).toBe(false);
});
