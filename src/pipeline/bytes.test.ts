import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rewriteBodyModel, rewriteEventModels } from './model-rewrite.ts';
import { formatDropped } from './reply-headers.ts';
import { formatRetryAfter, readRetryAfterMs } from './retry-after.ts';
import { StreamRecord } from './stream-record.ts';
import { WholeEvents } from './whole-events.ts';

function split(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at]
    .map((start, index) => bytes.subarray(start, at[index] ?? bytes.length))
    .filter((part) => part.length > 0);
}

describe('WholeEvents', () => {
  test.each(['\n', '\r\n'])('any split with line end %j: whole events, no byte lost, no event late', (eol) => {
    const event = fc.constantFrom('data: a', `data: \u{1F600}`, `event: x${eol}data: {}`, ': comment');
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat()), (events, cuts) => {
        const text = events.map((one) => `${one}${eol}${eol}`).join('');
        const whole = new WholeEvents();
        let seen = '';
        let given = '';
        for (const part of split(text, cuts)) {
          given += part.toString('latin1');
          seen += whole.push(part)?.toString('latin1') ?? '';
          const blank = given.lastIndexOf(eol + eol);
          expect(seen.length).toBe(blank < 0 ? 0 : blank + 2 * eol.length);
        }
        expect(Buffer.from(seen, 'latin1').toString()).toBe(text);
        expect(whole.rest()).toBeUndefined();
      }),
    );
  });

  test('what has no blank line is held back', () => {
    const whole = new WholeEvents();
    expect(whole.push(Buffer.from('data: a\n\ndata: b\n'))?.toString()).toBe('data: a\n\n');
    expect(whole.push(Buffer.from('data: c'))).toBeUndefined();
    expect(whole.rest()?.toString()).toBe('data: b\ndata: c');
  });
});

describe('StreamRecord', () => {
  test('keeps the first and the last 4 KB of a long stream', () => {
    const record = new StreamRecord();
    for (let n = 0; n < 2000; n++) record.push(Buffer.from(`data: ${String(n).padStart(6, '0')}\n\n`));
    expect(record.head()).toBe('data: 000000\n\n');
    const tail = record.tail();
    expect(tail.length).toBeGreaterThanOrEqual(4096);
    expect(tail.length).toBeLessThan(4200);
    expect(tail.endsWith('data: 001999\n\n')).toBe(true);
  });

  test('the whole last event, however long', () => {
    const record = new StreamRecord();
    record.push(Buffer.from(`data: first\n\nevent: end\ndata: ${'x'.repeat(100_000)}\n\n`));
    expect(record.tail()).toMatch(/^\n\nevent: end\ndata: x+\n\n$/);
    expect(record.lastByte()).toBe('x'.charCodeAt(0));
  });

  test('nothing recorded', () => {
    const record = new StreamRecord();
    expect([record.head(), record.tail(), record.lastByte()]).toEqual(['', '', undefined]);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Thu, 01 Jan 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, expected) => {
    expect(readRetryAfterMs(headers, now)).toBe(expected);
  });

  test('is rounded up to whole seconds', () => {
    expect([0, 1, 1000, 1001].map(formatRetryAfter)).toEqual(['1', '1', '1', '2']);
  });
});

describe('x-llmproxy-dropped', () => {
  const warn = (path: string) => ({ path, reason: 'r' });

  test('lists each path once, percent-encoded', () => {
    expect(formatDropped([warn('a[0].b'), warn('a[0].b'), warn('x y,\u00e4%\n')])).toBe('a[0].b, x%20y%2C%C3%A4%25%0A');
  });

  test('stays within 2 KB and says how many did not fit', () => {
    const text = formatDropped(Array.from({ length: 1000 }, (_, n) => warn(`messages[${n}].content`)));
    expect(text.length).toBeLessThanOrEqual(2048);
    const shown = text.split(', ').length - 1;
    expect(text).toMatch(new RegExp(`\\+${1000 - shown}$`));
  });
});

describe('model rewriting', () => {
  test('the first model member of each event', () => {
    const event = 'event: message_start\ndata: {"type":"x","message":{"model":"real","t":"\\"model\\":\\"k\\""}}\n\n';
    const text = rewriteEventModels(
      Buffer.from(`${event}data: {"modelVersion": "real"}\n\ndata: [DONE]\n\n`),
      'a$&"b',
    ).toString();
    expect(text).toContain('"message":{"model":"a$&\\"b","t":"\\"model\\":\\"k\\""}');
    expect(text).toContain('data: {"modelVersion": "a$&\\"b"}\n\ndata: [DONE]\n\n');
  });

  test('only the top level of a body; other bodies stay', () => {
    const body = Buffer.from('{"nested":{"model":"x"},"modelVersion":"real"}');
    expect(rewriteBodyModel(body, 'a').toString()).toBe('{"nested":{"model":"x"},"modelVersion":"a"}');
    const other = Buffer.from('[1]');
    expect(rewriteBodyModel(other, 'a')).toBe(other);
  });
});
