import { expect, it } from 'vitest';
import { buildConnector, Pool, ProxyAgent } from './undici.ts';

it("are the package's own classes, with the method that opens tunnels", async () => {
  // Before the main entry is loaded: it would bring the method along.
  expect(Pool.prototype).toHaveProperty('connect', expect.any(Function));
  const { connect } = Pool.prototype;
  const undici = await import('undici');
  expect(Pool).toBe(undici.Pool);
  expect(ProxyAgent).toBe(undici.ProxyAgent);
  expect(buildConnector).toBe(undici.buildConnector);
  expect(undici.Pool.prototype.connect).toBe(connect);
});
