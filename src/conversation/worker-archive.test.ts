import { expect, it } from 'vitest';
import { WorkerArchive } from './worker-archive.ts';

const limits = { ttlMs: 1000, maxRows: 10, maxBytes: 1000 };

it.runIf(process.platform === 'linux')('keeps in memory, and says so, what cannot be stored under /proc', async () => {
  const warnings: string[] = [];
  const archive = new WorkerArchive({ file: '/proc/llmproxy/state.db', limits }, (message) => warnings.push(message));
  expect(await archive.find('owner', 'resp_1')).toEqual({ kind: 'unknown' });
  expect(warnings).toEqual([expect.stringMatching(/^\/proc\/llmproxy\/state.db cannot be used, .*ENOENT/)]);
  await archive.close();
});
