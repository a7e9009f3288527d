import { describe, expect, it } from 'vitest';
import { credential } from '../../../test/support/test-target.ts';
import { echo } from '../../providers/echo/index.ts';
import type { Target } from '../../routing/target.ts';
import type { PickRequest } from '../pool.ts';
import { createWaitingLine } from './waiting-line.ts';

const target = (id: string): Target => ({
  credential: credential(id),
  provider: echo,
  model: 'm',
  info: undefined,
  forceMapping: false,
});

const [a, b] = [target('a'), target('b')];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const room = new Map<string, number>();
  const timers: { run: () => void; ms: number; isOff: boolean }[] = [];
  let waitMs: number | undefined;
  const line = createWaitingLine(
    {
      canServe: (_request, { credential }) => (room.get(credential.id) ?? 0) > 0,
      waitMs: () => waitMs,
      isShared: () => false,
    },
    (run, ms) => {
      const timer = { run, ms, isOff: false };
      timers.push(timer);
      return () => {
        timer.isOff = true;
      };
    },
  );
  const served: string[] = [];
  const targets = [a, b];
  const request = (some: readonly Target[] = targets): PickRequest => ({ model: 'm', targets: some, tried: new Set() });
  return {
    line,
    room,
    timers,
    served,
    targets,
    request,
    willWait: (ms: number) => {
      waitMs = ms;
    },
    join: (name: string, some?: readonly Target[]) =>
      line.join(request(some), () => {
        served.push(name);
        const open = (some ?? targets).find(({ credential }) => (room.get(credential.id) ?? 0) > 0);
        if (open !== undefined) room.set(open.credential.id, (room.get(open.credential.id) ?? 0) - 1);
      }),
  };
}

describe('a waiting line', () => {
  it('serves in order, as many as there is room for', async () => {
    const { line, room, served, join } = setUp();
    for (const name of ['1', '2', '3']) join(name);
    await turn();
    expect(served).toEqual([]);
    room.set('a', 2);
    line.freed(a);
    await turn();
    expect(served).toEqual(['1', '2']);
    expect(line.size).toBe(1);
  });

  it('looks only at whom an attempt has left', async () => {
    const { line, room, served, join } = setUp();
    join('1');
    await turn();
    room.set('a', 1);
    line.freed(b);
    await turn();
    expect(served).toEqual([]);
    line.changed();
    await turn();
    expect(served).toEqual(['1']);
  });

  it('holds newcomers back as long as others wait for the same', async () => {
    const { line, room, request, join } = setUp();
    expect(line.holdsBack(request())).toBe(false);
    const leave = join('1');
    expect(line.holdsBack(request())).toBe(true);
    expect(line.holdsBack(request([a]))).toBe(false);
    expect(line.holdsBack({ ...request(), tried: new Set(['b']) })).toBe(false);
    leave();
    expect(line.holdsBack(request())).toBe(false);
    room.set('a', 1);
    await turn();
    expect(line.size).toBe(0);
  });

  it('lets whoever came first go first, whatever each waits for', async () => {
    const { line, room, served, targets, join } = setUp();
    const onlyB = [b];
    join('1', onlyB);
    join('2', targets);
    join('3', onlyB);
    room.set('b', 2);
    await turn();
    expect(served).toEqual(['1', '2']);
    room.set('a', 1);
    line.freed(a);
    await turn();
    expect(served).toEqual(['1', '2']);
  });

  it('serves nobody who has left, and stops its timer when nobody is there', async () => {
    const { line, room, served, timers, join } = setUp();
    const leave = join('1');
    await turn();
    expect(timers).toHaveLength(1);
    leave();
    leave();
    expect(timers[0]?.isOff).toBe(true);
    room.set('a', 1);
    line.changed();
    await turn();
    expect(served).toEqual([]);
  });

  it('looks again when there is to be room', async () => {
    const { room, served, timers, willWait, join } = setUp();
    willWait(750);
    join('1');
    await turn();
    expect(timers.map(({ ms }) => ms)).toEqual([750]);
    room.set('a', 1);
    timers[0]?.run();
    await turn();
    expect(served).toEqual(['1']);
  });

  it('keeps its place in front when nobody was found after all, and does not try without end', async () => {
    const { line, room, served, request, join } = setUp();
    room.set('a', 1);
    let tries = 0;
    const again = (): void => {
      tries++;
      if (tries < 3) line.join(request(), again);
    };
    line.join(request(), again);
    join('behind');
    await turn();
    expect(tries).toBe(1);
    expect(served).toEqual([]);
    line.changed();
    await turn();
    line.changed();
    await turn();
    expect(tries).toBe(3);
    expect(served).toEqual(['behind']);
  });
});
