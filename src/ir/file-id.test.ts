import { expect, test } from 'vitest';
import { isVendorFileId } from './file-id.ts';

test.each([
  ['file_011CPMxVD3fHLUhvTqtsQA5w', true],
  ['files/abc', true],
  ['gs://bucket/a.pdf', true],
  ['https://generativelanguage.googleapis.com/v1beta/files/abc', true],
  ['file-abc123', false],
  ['file_abc', false],
  ['my-files/abc', false],
])('%s is kept by Anthropic or Google: %s', (id, kept) => {
  expect(isVendorFileId(id)).toBe(kept);
});
