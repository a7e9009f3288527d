import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planPart, recordId } from './record-id.ts';

test.each<[readonly (string | undefined)[], string]>([
  [['claude', 'Ada+x@example.test'], 'claude-Ada+x@example.test.json'],
  [['codex', '12ab34cd', ' ada@example.test ', 'team'], 'codex-12ab34cd-ada@example.test-team.json'],
  [['kimi', undefined, '', '17000'], 'kimi-17000.json'],
])('%j is %s', (parts, id) => expect(recordId(...parts)).toBe(id));

test.each([
  [['x', '../../etc/passwd']],
  [['x', 'a/b']],
  [['x', 'a\\b']],
  [['x', 'a\u0000b']],
  [['x', 'ä@example.test']],
  [['x', '..']],
  [['.hidden']],
  [['x', 'y'.repeat(500)]],
  [['con']],
  [['nul']],
  [[]],
  [['x', 'a\nb']],
])('%j becomes a plain name with a hash', (parts) => {
  expect(recordId(...parts)).toMatch(/^(?!con\.|nul\.|\.)[\w@.+-]{0,120}-?[0-9a-f]{8}\.json$/);
});

test('no two accounts share a file, and no name leaves the folder', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => value.trim() === value && value !== '');
  fc.assert(
    fc.property(text, text, (one, other) => {
      const ids = [recordId('x', one), recordId('x', other)];
      for (const id of ids) expect(id).toMatch(/^x[\w@.+-]*\.json$/);
      expect(ids[0] === ids[1]).toBe(one === other);
    }),
  );
});

test('plans', () => {
  expect(['Pro', ' ChatGPT Team+ ', '--', 'a_b'].map(planPart)).toEqual(['pro', 'chatgpt-team', '', 'a-b']);
});
