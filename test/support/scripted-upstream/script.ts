/** What the scripted upstream is told to answer, in no dialect, and what it saw. Written without the product's codecs. */

/** JSON as read from the wire; tests look into it freely. */
// biome-ignore lint/suspicious/noExplicitAny: recorded wire bodies are inspected by tests field by field
export type Wire = any;

export type UpstreamDialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini';

/** One request as the upstream received it. */
export interface SeenRequest {
  readonly dialect: UpstreamDialect;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Wire;
  readonly model: string;
  readonly stream: boolean;
  /** All text of the last user turn, tool results left out. */
  readonly userText: string;
  readonly tools: readonly { readonly name: string; readonly schema: Wire; readonly custom?: boolean }[];
  /** Text of the tool results after the last tool call; undefined when there is none. */
  readonly toolResult: string | undefined;
  /** True once the client side closed the connection before the answer was complete. */
  aborted: boolean;
}

/** A proper answer. */
export interface ScriptedAnswer {
  readonly reasoning?: string;
  /** Opaque signature of the reasoning. */
  readonly signature?: string;
  readonly text?: string;
  /** The model declines in these words. */
  readonly refusal?: string;
  /** `id`: instead of the one that the vendor would make up. */
  readonly toolCalls?: readonly {
    readonly name: string;
    readonly arguments: Wire;
    readonly id?: string;
    /** Of a custom tool: the arguments are free text; for the dialects that have such tools. */
    readonly custom?: boolean;
    /** Of a tool in a namespace (Responses). */
    readonly namespace?: string;
  }[];
  /** Every character is a chunk of its own. */
  readonly slow?: boolean;
  /** The arguments of parallel calls come in turns, in the dialects that can stream so. */
  readonly interleaved?: boolean;
  /** Why it ended, when not by itself. */
  readonly finish?: 'length' | 'content-filter' | 'stop-sequence';
  /** The same in the dialect's own word. */
  readonly rawFinish?: string;
  /** Reasoning that is not shown: the opaque data in its place. */
  readonly redacted?: string;
  /** The log probabilities of the text's tokens. */
  readonly logprobs?: readonly ScriptedToken[];
  /** The tier that served it, in the dialect's own word. */
  readonly serviceTier?: string;
  /** A search before the text, the page it found, and the beginning of the text that the page supports. */
  readonly search?: { readonly query: string; readonly url: string; readonly title: string; readonly supports: string };
  /** Code that the provider ran before the text. */
  readonly code?: { readonly code: string; readonly output: string };
  /** Base64 of a PNG that was generated. */
  readonly image?: string;
  /** Texts of further candidates, in the dialects that have them. */
  readonly others?: readonly string[];
  readonly usage?: {
    readonly input: number;
    readonly cached: number;
    readonly output: number;
    readonly reasoning: number;
    /** Input that went into the provider's cache, in the dialects that say so. */
    readonly written?: number;
  };
  /** Milliseconds between stream chunks; 0 when absent. */
  readonly paceMs?: number;
}

/** A token of an answer and what else it could have been. */
export interface ScriptedToken {
  readonly token: string;
  readonly logprob: number;
  readonly top: readonly { readonly token: string; readonly logprob: number }[];
}

/** A fault instead of, or in the middle of, a proper answer. */
export type ScriptedFault =
  | {
      readonly fault: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body: string;
    }
  | { readonly fault: 'reset-before' }
  | { readonly fault: 'hang' }
  /** Silence, and then an error or an answer. */
  | { readonly fault: 'late-status'; readonly status: number; readonly body: string; readonly afterMs: number }
  | { readonly fault: 'late-answer'; readonly answer: ScriptedAnswer; readonly afterMs: number }
  /** Just these bytes with status 200; numbers are pauses in milliseconds. */
  | {
      readonly fault: 'raw';
      readonly headers?: Record<string, string>;
      readonly pieces: readonly (string | Buffer | number)[];
    }
  /** Chunks of the answer that are sent before the fault. */
  /** An error event of the dialect instead of the rest. */
  | { readonly fault: 'error-event'; readonly after: number; readonly answer: ScriptedAnswer; readonly message: string }
  | { readonly fault: 'reset' | 'stall' | 'truncate'; readonly after: number; readonly answer: ScriptedAnswer };

export type Script = (seen: SeenRequest, index: number) => ScriptedAnswer | ScriptedFault;

export const defaultUsage = { input: 20, cached: 5, output: 7, reasoning: 2 } as const;

/** Cuts text into uneven pieces, as a model would stream it; slowly: one UTF-16 unit each, be it half a character. */
export function pieces(text: string, slow = false): string[] {
  if (slow) return text.split('');
  const out: string[] = [];
  for (let at = 0, size = 3; at < text.length; at += size, size = 3 + ((size * 7) % 11))
    out.push(text.slice(at, at + size));
  return out;
}

/** The first of each list, then the second of each, and so on. */
export function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

/** Arguments that satisfy a shell-like tool's schema, so that it runs `command`. */
export function shellArguments(schema: Wire, command: string): Wire {
  const out: Record<string, unknown> = {};
  const properties: Record<string, Wire> = schema?.properties ?? {};
  for (const [key, property] of Object.entries(properties)) {
    const type = String(property?.type ?? '').toLowerCase();
    if (key === 'command' || key === 'cmd') out[key] = type === 'array' ? ['bash', '-lc', command] : command;
    else if ((schema.required ?? []).includes(key))
      out[key] = type === 'string' ? 'test' : type === 'boolean' ? false : 1000;
  }
  return out;
}

/** A model that runs `command` once through the agent's shell tool when the prompt says TOOLTEST, then reports the result. */
export function shellScript(command: string): Script {
  return (seen) => {
    if (seen.toolResult !== undefined) return { text: `done: ${seen.toolResult.slice(0, 200)}` };
    const tool = seen.tools.find(({ name }) =>
      /(^|__|\.)(bash|shell|shell_command|run_shell_command|exec_command|local_shell)$/i.test(name),
    );
    if (tool === undefined || !seen.userText.includes('TOOLTEST')) return { text: 'Hello from the scripted upstream.' };
    return { text: 'Running it.', toolCalls: [{ name: tool.name, arguments: shellArguments(tool.schema, command) }] };
  };
}
