/** The conformance matrix in no dialect: what a client asks, what an upstream must have seen, what the client must get. */
import type { ScriptedAnswer, UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

export const dialects: readonly UpstreamDialect[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'];

/** An image as bytes (base64) or by URL. */
export type Picture = { readonly base64: string; readonly mediaType: string } | { readonly url: string };

/** One turn of the conversation. */
export type Turn =
  | { readonly role: 'system'; readonly text: string }
  /** As `system` where the dialect knows no other role of instructions. */
  | { readonly role: 'developer'; readonly text: string }
  | {
      readonly role: 'user';
      readonly text: string;
      /** Further text parts. */
      readonly more?: readonly string[];
      readonly images?: readonly Picture[];
      readonly pdf?: string;
      readonly pdfUrl?: string;
      /** MP3, base64. */
      readonly audio?: string;
    }
  | {
      readonly role: 'assistant';
      readonly text?: string;
      readonly calls?: readonly Call[];
    }
  | {
      readonly role: 'tool';
      readonly id: string;
      readonly name: string;
      readonly text: string;
      readonly isError?: boolean;
      readonly image?: Picture;
    };

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: Wire;
}

/** What a client asks for. */
export interface Ask {
  readonly turns: readonly Turn[];
  readonly tools?: readonly { readonly name: string; readonly description: string; readonly schema: Wire }[];
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly parallel?: boolean;
  readonly schema?: Wire;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly effort?: 'low' | 'medium' | 'high';
  /** The same in the dialect's other words. */
  readonly reasoning?: {
    readonly level?: 'none' | 'low' | 'medium' | 'high' | 'max' | 'auto';
    readonly budget?: number;
    /** Reasoning is not to be shown. */
    readonly hidden?: boolean;
  };
  /** Behind the model's name: `(high)`. */
  readonly suffix?: string;
  readonly user?: string;
  readonly topK?: number;
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** How many answers. */
  readonly count?: number;
  readonly jsonObject?: boolean;
}

/** What an upstream was asked, read from its own wire format. Absent fields were not there. */
export interface View {
  /** All instructions before the conversation, joined by newlines. */
  readonly system: string;
  readonly turns: readonly ViewTurn[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly properties: readonly string[];
  }[];
  readonly toolChoice?: string;
  readonly parallel?: boolean;
  readonly schema?: Wire;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  /** A level, `none` where reasoning is off, or a budget in tokens written as `budget:N`. */
  readonly effort?: string;
  /** Whether reasoning is to be shown, where the dialect has such a setting. */
  readonly shown?: boolean;
  readonly user?: string;
  readonly topK?: number;
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly count?: number;
  readonly jsonObject?: boolean;
}

/** A turn as the upstream saw it; consecutive turns of one speaker are merged. */
export interface ViewTurn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly text: string;
  /** `data:<type>:<base64>` or the URL. */
  readonly images: readonly string[];
  /** Base64, or the URL. */
  readonly pdfs: readonly string[];
  /** Base64. */
  readonly audios: readonly string[];
  readonly calls: readonly { readonly name: string; readonly arguments: Wire }[];
  readonly results: readonly { readonly text: string; readonly isError: boolean; readonly images: readonly string[] }[];
}

/** What a client got, read from its own wire format. */
export interface Answer {
  /** With the words of a refusal. */
  readonly text: string;
  /** The client can tell that the model or the provider declined. */
  readonly refused: boolean;
  /** The stop sequence that was hit, where the dialect says. */
  readonly stopSequence?: string;
  /** Texts of further candidates. */
  readonly others?: readonly string[];
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly arguments: Wire }[];
  readonly finish: 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other';
  readonly usage: {
    readonly input: number;
    readonly cached: number;
    readonly output: number;
    readonly reasoning?: number;
  };
}

/** One client dialect: builds its requests, reads its answers; knows nothing of the product's codecs. */
export interface ClientDriver {
  readonly dialect: UpstreamDialect;
  build(ask: Ask, model: string, stream: boolean): { readonly path: string; readonly body: Wire };
  readJson(body: Wire): Answer;
  /** Also checks the order and completeness of the events; throws when they are wrong. */
  readStream(text: string): Answer;
}

/** One case of the matrix. */
export interface Case {
  readonly name: string;
  readonly ask: Ask;
  readonly answer: ScriptedAnswer;
  /** Asks a model whose entry in the configuration says which reasoning settings it takes. */
  readonly limited?: boolean;
  /** The upstream calls the first tool by the name it was given, which the client must not see. */
  readonly byGivenName?: boolean;
  /** Asserts what the upstream saw; `dropped`: the paths that were reported as lost. */
  seen?(view: View, upstream: UpstreamDialect, dropped: readonly string[]): void;
  /** Asserts what the client got, beyond text, reasoning, calls and finish, which are always compared. */
  got?(answer: Answer, client: UpstreamDialect, upstream: UpstreamDialect): void;
  /** How the client must see the end, where that is not what the answer says. */
  finish?(client: UpstreamDialect, upstream: UpstreamDialect): Answer['finish'] | undefined;
  /** Why this cell cannot carry the case; published in the compatibility page. */
  skip?(client: UpstreamDialect, upstream: UpstreamDialect): string | undefined;
}

/** The data lines of an SSE text with their event names. */
export function sseEvents(text: string): { readonly event: string | undefined; readonly data: string }[] {
  return text
    .split(/\r?\n\r?\n/)
    .filter((block) => block.trim() !== '' && !block.startsWith(':'))
    .map((block) => {
      const lines = block.split(/\r?\n/);
      const event = lines
        .find((line) => line.startsWith('event:'))
        ?.slice(6)
        .trim();
      const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart());
      return { event, data: data.join('\n') };
    });
}

export const dataUrl = (picture: Picture): string =>
  'url' in picture ? picture.url : `data:${picture.mediaType};base64,${picture.base64}`;

/** Merges consecutive turns of one speaker, as dialects differ in where they cut. */
export function mergeTurns(turns: readonly ViewTurn[]): ViewTurn[] {
  const out: ViewTurn[] = [];
  for (const turn of turns) {
    const last = out.at(-1);
    if (last === undefined || last.role !== turn.role) {
      out.push(turn);
      continue;
    }
    out[out.length - 1] = {
      role: turn.role,
      text: [last.text, turn.text].filter((text) => text !== '').join('\n'),
      images: [...last.images, ...turn.images],
      pdfs: [...last.pdfs, ...turn.pdfs],
      audios: [...last.audios, ...turn.audios],
      calls: [...last.calls, ...turn.calls],
      results: [...last.results, ...turn.results],
    };
  }
  return out;
}

/** A turn with nothing in it, to spread over. */
export const emptyTurn: Omit<ViewTurn, 'role'> = { text: '', images: [], pdfs: [], audios: [], calls: [], results: [] };
