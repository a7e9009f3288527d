import type { SocketCall, UpstreamCall } from '../executors/executor.ts';
import { findMember, type ScannedObject, scanObject, spliceMembers } from '../json-splice.ts';
import type { Endpoint } from '../providers/provider.ts';
import type { Target } from '../routing/target.ts';
import type { PreparedAttempt } from './answer-writer.ts';
import type { SocketTurn } from './exchange.ts';
import type { Job } from './job.ts';
import type { Steps } from './steps.ts';
import { answerWarmUp } from './warm-up.ts';

/** Whether a turn of a client's WebSocket goes on over one of the upstream's. */
export function takesSocket(turn: SocketTurn, { credential }: Target, { websocket }: Endpoint): boolean {
  return credential.websockets === true && (websocket === 'full' || (websocket === 'no-warm-up' && !turn.warmUp));
}

/** The attempt with its call as frames; over HTTP it stays what it was. */
export function overSocket(job: Job, turn: SocketTurn, target: Target, prepared: PreparedAttempt): PreparedAttempt {
  const whole = scanBody(prepared.call);
  if (whole === undefined) return prepared;
  const socket: SocketCall = {
    session: turn.session,
    credentialId: target.credential.id,
    frame: frameOf(whole, turn, undefined),
    increment: incrementOf(turn, whole),
    onlySocket: turn.warmUp,
  };
  const attempt: PreparedAttempt = { ...prepared, call: { ...prepared.call, socket } };
  return turn.warmUp ? { ...attempt, answerInstead: (status) => isNoSocket(status, job) } : attempt;
}

/** The same for an attempt that is still to be made. */
export function* overSocketSteps(
  job: Job,
  turn: SocketTurn,
  target: Target,
  steps: Steps<PreparedAttempt>,
): Steps<PreparedAttempt> {
  const prepared = yield* steps;
  yield;
  return overSocket(job, turn, target, prepared);
}

/** An upstream that takes no WebSockets knows no warm-ups either. */
function isNoSocket(status: number, job: Job): boolean {
  if (status !== 426) return false;
  answerWarmUp(job);
  return true;
}

/** What the pipeline changed in the whole request holds for its increment too: all but the input is taken from there. */
function incrementOf(turn: SocketTurn, whole: ScannedObject): SocketCall['increment'] {
  const { increment } = turn;
  const sent = increment === undefined ? undefined : scanObject(increment.body);
  if (increment === undefined || sent === undefined) return undefined;
  const input = findMember(sent, 'input');
  const text = input === undefined ? '[]' : sent.bytes.toString('utf8', input.valueStart, input.valueEnd);
  const frame = frameOf(whole, turn, { input: text, previous: increment.previousResponseId });
  return { previousResponseId: increment.previousResponseId, frame };
}

function frameOf(
  whole: ScannedObject,
  turn: SocketTurn,
  increment: { readonly input: string; readonly previous: string } | undefined,
): string {
  const set: Record<string, string> = { type: '"response.create"' };
  if (increment !== undefined) {
    set['input'] = increment.input;
    set['previous_response_id'] = JSON.stringify(increment.previous);
  }
  if (turn.warmUp) set['generate'] = 'false';
  return spliceMembers(whole, { remove: ['stream', 'background'], set }).toString('utf8');
}

function scanBody({ body }: UpstreamCall): ScannedObject | undefined {
  return body === undefined ? undefined : scanObject(typeof body === 'string' ? Buffer.from(body) : body);
}
