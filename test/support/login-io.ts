/** What a login needs of the world, without one: scripted answers, a clock that runs when somebody waits. */
import type { LoginIo } from '../../src/auth/login.ts';

/** A request as it was sent. */
export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly members: Readonly<Record<string, string>>;
}

/** One answer: JSON with status 200, or a whole response, or a line that breaks. */
export type Scripted = Readonly<Record<string, unknown>> | Response | Error;

/** A world of a test. */
export interface LoginWorld {
  readonly io: LoginIo;
  readonly sent: Sent[];
  readonly waits: number[];
  readonly told: string[];
  readonly ended: AbortController;
}

/** Answers in turn; the last one again and again. */
export function loginWorld(answers: readonly Scripted[], own: Partial<LoginIo> = {}): LoginWorld {
  let nowMs = Date.parse('2026-11-22T12:00:00Z');
  const sent: Sent[] = [];
  const waits: number[] = [];
  const told: string[] = [];
  const ended = new AbortController();
  const answering: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    const body = String(init?.body ?? '');
    const isJson = headers.get('content-type') === 'application/json';
    const members = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const answer = answers[Math.min(sent.length, answers.length - 1)] ?? {};
    sent.push({ url: String(input), method: init?.method ?? 'GET', headers, members });
    if (answer instanceof Error) return Promise.reject(answer);
    return answer instanceof Response ? copyOf(answer) : Promise.resolve(Response.json(answer));
  };
  const io: LoginIo = {
    fetch: answering,
    now: () => nowMs,
    signal: ended.signal,
    client: undefined,
    progress: (line) => void told.push(line),
    wait: (ms) => {
      waits.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    options: {},
    ...own,
  };
  return { io, sent, waits, told, ended };
}

/** Not a clone: one that is given up waits for the other. */
async function copyOf(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  return new Response(await answer.clone().text(), { status, headers });
}

/** A refusal of a token endpoint. */
export function refused(error: string, status = 400): Response {
  return Response.json({ error }, { status });
}
