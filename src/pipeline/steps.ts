/** Work in parts, between which others have their turn. */
export type Steps<T> = Generator<undefined, T>;

/** Whoever has work of at most so many bytes does it at once: it is over before anybody notices. */
export const LARGE_BYTES: number = 64 * 1024;

/** All parts, one after the other. */
export function finishSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same for work on so many bytes: few are worked on at once, many in parts. */
export function stepsFor<T>(bytes: number, steps: Steps<T>): T | Steps<T> {
  return bytes > LARGE_BYTES ? steps : finishSteps(steps);
}

/** Whether work is still to be done. */
export function isSteps<T extends object | undefined>(work: T | Steps<T>): work is Steps<T> {
  return work !== undefined && 'next' in work;
}

/** What becomes of work that is done in parts. */
export interface StepListener<T> {
  /** Nobody waits for the work any longer. */
  isOver(): boolean;
  done(value: T): void;
  failed(thrown: unknown): void;
}

/** One part in this turn of the event loop and in each that follows. */
export function takeSteps<T>(steps: Steps<T>, listener: StepListener<T>): void {
  if (listener.isOver()) return;
  try {
    const step = steps.next();
    if (step.done === true) listener.done(step.value);
    else setImmediate(takeSteps, steps, listener);
  } catch (thrown) {
    listener.failed(thrown);
  }
}
