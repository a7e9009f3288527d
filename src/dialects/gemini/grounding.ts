import { citedRange, isWebCitation, type WebCitation } from '../../ir/citation.ts';
import type { Citation, DialectId, JsonObject, JsonValue, SearchResult, ServerToolPart } from '../../ir/index.ts';
import { TextMeasure } from '../../ir/text-measure.ts';
import type { Level } from '../../ir/wire-level.ts';
import { encodeCitations, encodeSegment, type Segment } from './citations.ts';
import { DIALECT } from './wire.ts';
import type { Support, Grounding as WireGrounding } from './wire-types.ts';

/** A support under construction: further pages may support the same stretch. */
type Draft = Support & { readonly groundingChunkIndices: number[] };

/** The most characters that the segments of an answer repeat. */
const MOST_QUOTED = 256 * 1024;

/** Gathers a candidate's metadata from citations and searches, of Gemini and of others. */
export class Grounding {
  #own: JsonObject = {};
  readonly #queries: string[] = [];
  readonly #urls: string[] = [];
  readonly #pages = new Map<string, { readonly index: number; readonly title: string }>();
  readonly #supports: Draft[] = [];
  #quoted = 0;

  /** Gemini's own citations are taken as they are; of others, `support` says what they mean. */
  cite(dialect: DialectId, items: readonly JsonValue[]): void {
    this.#own = { ...this.#own, ...encodeCitations(dialect, items) };
  }

  /** Sources of a text; `offset`: the bytes of the candidate's text before it. */
  support(sources: readonly Citation[], text: string, offset: number): void {
    const measured = { text, measure: new TextMeasure(text) };
    const drafts = new Map<string, Draft>();
    for (const source of sources.filter(isWebCitation)) {
      const page = this.#page(source);
      const { start, end } = citedRange(source, measured.measure.points);
      const draft = drafts.get(`${start} ${end}`);
      if (draft === undefined)
        drafts.set(`${start} ${end}`, this.#draft(encodeSegment(source, measured, offset), page));
      else if (!draft.groundingChunkIndices.includes(page)) draft.groundingChunkIndices.push(page);
    }
  }

  /** Long stretches that overlap say the same again and again: where that gets too much, the places stand alone. */
  #draft({ text, ...places }: Segment, page: number): Draft {
    this.#quoted += text.length;
    const segment = this.#quoted > MOST_QUOTED ? places : { ...places, text };
    const draft = { segment, groundingChunkIndices: [page] };
    this.#supports.push(draft);
    return draft;
  }

  /** Whether the metadata tells of this tool. */
  use({ tool, phase, queries = [], urls = [], results = [] }: ServerToolPart): boolean {
    if (tool !== 'web-search' && tool !== 'url-context') return false;
    this.#queries.push(...queries);
    if (tool === 'url-context' && phase !== 'result') this.#urls.push(...urls);
    for (const result of results) this.#page(result);
    return true;
  }

  /** The fields of the candidate. */
  fields(): Level<WireGrounding> {
    const chunks = [...this.#pages].map(([uri, { title }]) => ({ web: { uri, title } }));
    const grounding = {
      ...(this.#queries.length > 0 && { webSearchQueries: this.#queries }),
      ...(chunks.length > 0 && { groundingChunks: chunks }),
      ...(this.#supports.length > 0 && { groundingSupports: this.#supports }),
    } satisfies WireGrounding['groundingMetadata'];
    const urlMetadata = this.#urls.map((retrievedUrl) => ({
      retrievedUrl,
      urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS',
    })) satisfies NonNullable<WireGrounding['urlContextMetadata']>['urlMetadata'];
    return {
      ...(Object.keys(grounding).length > 0 && { groundingMetadata: grounding }),
      ...(urlMetadata.length > 0 && { urlContextMetadata: { urlMetadata } }),
      ...this.#own,
    };
  }

  #page({ url, title = '' }: WebCitation | SearchResult): number {
    const known = this.#pages.get(url);
    // A search may name the page before a citation gives its title.
    if (known !== undefined && (known.title !== '' || title === '')) return known.index;
    const index = known?.index ?? this.#pages.size;
    this.#pages.set(url, { index, title });
    return index;
  }
}

/** Whether some of another dialect's citations have no form here. */
export function losesCitations(dialect: DialectId, sources: readonly Citation[] = []): boolean {
  return dialect !== DIALECT && (sources.length === 0 || !sources.every(isWebCitation));
}
