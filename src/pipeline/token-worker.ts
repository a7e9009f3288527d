/** The thread that counts tokens, so that no stream waits for it. */
import { parentPort } from 'node:worker_threads';
import { countTextTokens, type Vocabulary } from './tokenize.ts';

/** A text to count. */
export interface CountCall {
  readonly seq: number;
  readonly vocabulary: Vocabulary;
  readonly text: string;
}

/** Its count, or why there is none. */
export type CountReply =
  | { readonly seq: number; readonly tokens: number }
  | { readonly seq: number; readonly error: string };

parentPort?.on('message', (call: CountCall) => {
  countTextTokens(call.vocabulary, call.text).then(
    (tokens) => reply({ seq: call.seq, tokens }),
    (error: unknown) => reply({ seq: call.seq, error: String(error) }),
  );
});

function reply(message: CountReply): void {
  parentPort?.postMessage(message);
}
