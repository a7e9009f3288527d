/** The conformance matrix in no dialect: what a client asks, what an upstream must have seen, what the client must get. */
import type { ScriptedAnswer, SeenRequest, UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

export const dialects: readonly UpstreamDialect[] = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'];

/** An image as bytes (base64), by URL, or by the id under which its provider keeps it. */
export type Picture =
  | { readonly base64: string; readonly mediaType: string }
  | { readonly url: string }
  | { readonly fileId: string };

/** A tool that the provider runs. */
export type BuiltIn = 'web-search' | 'code-execution' | 'image-generation';

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
      /** A text after the images. */
      readonly after?: string;
      readonly pdf?: string;
      readonly pdfUrl?: string;
      /** The id under which the provider keeps a PDF. */
      readonly pdfId?: string;
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
      readonly images?: readonly Picture[];
      readonly pdf?: string;
      /** The call was of a custom tool. */
      readonly custom?: boolean;
    };

export interface Call {
  readonly id: string;
  readonly name: string;
  /** JSON; of a custom tool: its free text. */
  readonly arguments: Wire;
  readonly custom?: boolean;
}

/** What a client asks for. */
export interface Ask {
  readonly turns: readonly Turn[];
  readonly tools?: readonly { readonly name: string; readonly description: string; readonly schema: Wire }[];
  /** Tools that take free text, bound by a grammar (Lark) if there is one. */
  readonly customTools?: readonly { readonly name: string; readonly description: string; readonly grammar?: string }[];
  readonly builtIns?: readonly BuiltIn[];
  readonly toolChoice?:
    | 'auto'
    | 'none'
    | 'required'
    | { readonly name: string }
    | { readonly custom: string }
    | { readonly builtIn: BuiltIn }
    | { readonly mode: 'auto' | 'required'; readonly names: readonly string[] };
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
  /** The schema in the words of OpenAPI, which Gemini has next to JSON Schema. */
  readonly openApiSchema?: Wire;
  /** How many alternatives to each token. */
  readonly logprobs?: number;
  readonly serviceTier?: 'default' | 'flex' | 'priority';
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cacheKey?: string;
  readonly verbosity?: 'low' | 'medium' | 'high';
  /** Cache breakpoints after the system message, the tools and the last message, where the dialect has them. */
  readonly breakpoints?: boolean;
  /** Members of the body that only this client's dialect knows. */
  readonly wire?: Wire;
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
  /** `required: a, b` where only these may be called. */
  readonly toolChoice?: string | undefined;
  readonly builtIns: readonly BuiltIn[];
  readonly logprobs?: number;
  readonly serviceTier?: string;
  readonly metadata?: Wire;
  readonly cacheKey?: string;
  readonly verbosity?: string;
  /** How many cache breakpoints. */
  readonly breakpoints: number;
  /** All of the body. */
  readonly raw: string;
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
  /** Kinds of the parts in their order, of neighbours only one. */
  readonly kinds: readonly string[];
  /** `data:<type>:<base64>`, the URL, or the file's id. */
  readonly images: readonly string[];
  /** Base64, or the URL. */
  readonly pdfs: readonly string[];
  /** Base64. */
  readonly audios: readonly string[];
  readonly calls: readonly { readonly name: string; readonly arguments: Wire }[];
  readonly results: readonly {
    readonly text: string;
    readonly isError: boolean;
    readonly images: readonly string[];
    readonly pdfs: readonly string[];
  }[];
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
    /** Written to the provider's cache. */
    readonly written?: number;
    readonly output: number;
    readonly reasoning?: number;
    readonly total?: number;
  };
  /** The end in the dialect's own word. */
  readonly rawFinish: string;
  readonly logprobs?: readonly { readonly token: string; readonly logprob: number; readonly top: number }[];
  readonly serviceTier?: string;
  readonly queries: readonly string[];
  /** URLs that a search found. */
  readonly found: readonly string[];
  /** URL, title and the text that the page supports. */
  readonly cited: readonly (readonly string[])[];
  /** Code that the provider ran, and what it printed. */
  readonly code: readonly { readonly code: string; readonly output: string }[];
  /** Base64 of generated images. */
  readonly generated: readonly string[];
  /** What a client sends back as the model's turn. */
  readonly turns: readonly Wire[];
}

/** One client dialect: builds its requests, reads its answers; knows nothing of the product's codecs. */
export interface ClientDriver {
  readonly dialect: UpstreamDialect;
  build(ask: Ask, model: string, stream: boolean): ClientRequest;
  /** The request after that answer: the same conversation, what the model said, and a question. */
  goOn(request: ClientRequest, answer: Answer, question: string): ClientRequest;
  readJson(body: Wire): Answer;
  /** Also checks the order and completeness of the events; throws when they are wrong. */
  readStream(text: string): Answer;
}

/** What a client sends. */
export interface ClientRequest {
  readonly path: string;
  readonly body: Wire;
}

/** One case of the matrix. */
export interface Case {
  readonly name: string;
  /** Only these clients can ask so; absent: all. The others' tables have no such row. */
  readonly clients?: readonly UpstreamDialect[];
  readonly ask: Ask;
  readonly answer: ScriptedAnswer;
  /** Asks a model whose entry in the configuration says which reasoning settings it takes. */
  readonly limited?: boolean;
  /** The model of an upstream, where it is not the usual one. */
  readonly models?: Readonly<Partial<Record<UpstreamDialect, string>>>;
  /** The upstream calls the first tool by the name it was given, which the client must not see. */
  readonly byGivenName?: boolean;
  /** The upstream's answer to what it was asked, where it depends on that. */
  reply?(seen: SeenRequest): ScriptedAnswer;
  /** Asserts what the upstream saw when the client went on with the conversation. */
  next?(view: View, upstream: UpstreamDialect, client: UpstreamDialect, dropped: readonly string[]): void;
  /** Asserts what the upstream saw; `dropped`: the paths that were reported as lost. */
  seen?(view: View, upstream: UpstreamDialect, dropped: readonly string[], client: UpstreamDialect): void;
  /** Asserts what the client got, beyond text, reasoning, calls and finish, which are always compared. */
  got?(answer: Answer, client: UpstreamDialect, upstream: UpstreamDialect): void;
  /** How the client must see the end, where that is not what the answer says. */
  finish?(client: UpstreamDialect, upstream: UpstreamDialect): Answer['finish'] | undefined;
  /** The request is refused with 400 in these words, and nothing is sent. */
  refused?(client: UpstreamDialect, upstream: UpstreamDialect): RegExp | undefined;
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

/** As a URL; a file's id where the dialect takes ids in place of URLs. */
export function dataUrl(picture: Picture): string {
  if ('fileId' in picture) return picture.fileId;
  return 'url' in picture ? picture.url : `data:${picture.mediaType};base64,${picture.base64}`;
}

/** The kinds without repetition of neighbours. */
export const kindsOf = (kinds: readonly string[]): string[] => kinds.filter((kind, at) => kind !== kinds[at - 1]);

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
      kinds: kindsOf([...last.kinds, ...turn.kinds]),
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
export const emptyTurn: Omit<ViewTurn, 'role'> = {
  text: '',
  kinds: [],
  images: [],
  pdfs: [],
  audios: [],
  calls: [],
  results: [],
};
