import { describe, expect, it } from 'vitest';
import { upstreamError } from '../../errors.ts';
import { errorCode } from './errors.ts';

describe('errorCode', () => {
  // Codex stops at `server_is_overloaded` ("Selected model is at capacity") and tries again at every other code.
  it.each([500, 502, 503, 504, 529])('calls the status %s of an upstream that names no code server_error', (status) => {
    expect(errorCode(upstreamError({ status, message: 'tired' }))).toBe('server_error');
  });

  it('keeps the code with which the upstream itself says that it is overloaded', () => {
    expect(errorCode(upstreamError({ status: 503, message: 'tired', code: 'server_is_overloaded' }))).toBe(
      'server_is_overloaded',
    );
  });
});
