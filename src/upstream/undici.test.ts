import * as undici from 'undici';
import { expect, it } from 'vitest';
import { Pool, ProxyAgent } from './undici.ts';

it("are the package's own classes", () => {
  expect(Pool).toBe(undici.Pool);
  expect(ProxyAgent).toBe(undici.ProxyAgent);
});
