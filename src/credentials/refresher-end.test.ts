/** The end of a process while tokens are renewed, and files that bring back a token that was spent. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryRecords } from '../../test/support/memory-records.ts';
import { MINUTE, type RefreshWorld, startRefreshWorld, until } from '../../test/support/refresh-harness.ts';

let world: RefreshWorld;
let records: MemoryRecords;

beforeEach(async () => {
  world = await startRefreshWorld();
  records = new MemoryRecords();
});
afterEach(() => world.close());

const MARK = 'llmproxy_renewing_until';

describe('the end of the process', () => {
  test('waits a moment for a renewal that is spending its token', async () => {
    const one = world.process(records);
    one.put(records.set('a.json', world.fields('a', -MINUTE)));
    world.server.delayMs = 500;
    void one.refresher.renew('a.json', 'access-a-1');
    await until(() => MARK in records.get('a.json'));
    await one.refresher.close();
    expect(records.get('a.json')).toMatchObject({ access_token: 'access-a-2', refresh_token: 'refresh-a-2' });
  });

  test('breaks off one that hangs, and takes its mark away', async () => {
    const one = world.process(records, 1);
    for (const name of ['a', 'b']) one.put(records.set(`${name}.json`, world.fields(name, -MINUTE)));
    world.server.script = () => 'hang';
    const answers = Promise.all(['a', 'b'].map((name) => one.refresher.renew(`${name}.json`, `access-${name}-1`)));
    await until(() => world.server.seen.length === 1);
    const beganMs = performance.now();
    await one.refresher.close();
    expect(performance.now() - beganMs).toBeLessThan(4500);
    expect(await answers).toEqual([undefined, undefined]);
    // The second one waited for the first, and was never sent.
    expect(world.server.seen).toHaveLength(1);
    expect(records.get('a.json')).not.toHaveProperty(MARK);
    expect(one.warnings).toEqual([]);
  }, 15_000);

  test('does not wait for another process', async () => {
    const one = world.process(records);
    const until45 = new Date(world.now() + 40_000).toISOString();
    one.put(records.set('a.json', { ...world.fields('a', -MINUTE), [MARK]: until45 }));
    const answer = one.refresher.renew('a.json', 'access-a-1');
    const beganMs = performance.now();
    await one.refresher.close();
    expect(performance.now() - beganMs).toBeLessThan(2000);
    expect(await answer).toBeUndefined();
    expect(world.server.seen).toHaveLength(0);
  });
});

describe('a token that was spent here', () => {
  const old = () => world.fields('a', -MINUTE);
  const stale = () => ({ ...old(), refresh_token: 'refresh-a-1', note: 'saved by an editor' });

  test('and is written back by an editor gives way to the newest one', async () => {
    const one = world.process(records);
    one.put(records.set('a.json', old()));
    await one.refresher.renew('a.json', 'access-a-1');
    const used = one.put(records.set('a.json', stale()));
    expect(used.fields).toMatchObject({ access_token: 'access-a-2', note: 'saved by an editor' });
    await until(() => records.get('a.json')['refresh_token'] === 'refresh-a-2', 5000);
    expect(records.get('a.json')).toMatchObject({ access_token: 'access-a-2', note: 'saved by an editor' });
    expect(world.server.seen).toHaveLength(1);
  });

  test('follows a file that was renamed during the renewal', async () => {
    const one = world.process(records);
    one.put(records.set('a.json', old()));
    world.server.delayMs = 400;
    const renewal = one.refresher.renew('a.json', 'access-a-1');
    await until(() => world.server.seen.length === 1);
    await records.delete('a.json');
    const mark = new Date(world.now() + 40_000).toISOString();
    one.put(records.set('b.json', { ...stale(), [MARK]: mark }));
    const waiting = one.refresher.renew('b.json', 'access-a-1');
    expect(await renewal).toBeUndefined();
    await until(() => records.get('b.json')['refresh_token'] === 'refresh-a-2', 5000);
    expect(await waiting).toMatchObject({ id: 'b.json', fields: { access_token: 'access-a-2' } });
    expect(records.get('b.json')).not.toHaveProperty(MARK);
    expect(world.server.seen).toHaveLength(1);
  });

  test('is not sent for a copy of the file', async () => {
    const one = world.process(records);
    one.put(records.set('a.json', old()));
    one.put(records.set('copy.json', stale()));
    await one.refresher.renew('a.json', 'access-a-1');
    const copy = await one.refresher.renew('copy.json', 'access-a-1');
    expect(copy?.fields).toMatchObject({ access_token: 'access-a-2', refresh_token: 'refresh-a-2' });
    expect(records.get('copy.json')).toMatchObject({ access_token: 'access-a-2' });
    expect(world.server.seen).toHaveLength(1);
  });
});
