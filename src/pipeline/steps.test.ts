import { expect, test } from 'vitest';
import { finishSteps, type StepListener, type Steps, takeSteps } from './steps.ts';

function* work(log: string[]): Steps<string> {
  log.push('one');
  yield;
  log.push('two');
  yield;
  log.push('three');
  return 'done';
}

function* failing(): Steps<string> {
  yield;
  throw new Error('no more');
}

/** Writes everything down and ends with the end of the work. */
function listen(
  log: string[],
  isOver: () => boolean = () => false,
): StepListener<string> & { readonly end: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (text: string): void => {
    log.push(text);
    resolve();
  };
  return { isOver, done: end, failed: (thrown) => end(String(thrown)), end: promise };
}

test('all parts at once', () => {
  const log: string[] = [];
  expect(finishSteps(work(log))).toBe('done');
  expect(log).toEqual(['one', 'two', 'three']);
});

test('what a part throws comes out', () => {
  expect(() => finishSteps(failing())).toThrow('no more');
});

test('one part in each turn of the event loop', async () => {
  const log: string[] = [];
  const listener = listen(log);
  takeSteps(work(log), listener);
  expect(log).toEqual(['one']);
  setImmediate(() => log.push('others'));
  await listener.end;
  expect(log).toEqual(['one', 'two', 'others', 'three', 'done']);
});

test('what a later part throws is told', async () => {
  const log: string[] = [];
  const listener = listen(log);
  takeSteps(failing(), listener);
  await listener.end;
  expect(log).toEqual(['Error: no more']);
});

test('nothing is done any longer when nobody waits for it', async () => {
  const log: string[] = [];
  takeSteps(
    work(log),
    listen(log, () => log.length > 0),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(log).toEqual(['one']);
});
