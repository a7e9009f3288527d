/** Tools that Google runs: code execution as parts, searches and fetched pages in the candidate's metadata. */
import type { JsonObject, SearchResult, ServerToolPart } from '../../ir/index.ts';
import { isJsonArray } from '../../ir/read.ts';
import { DIALECT, objectOf, objectsOf, stringOf } from './wire.ts';
import type { CodePart, CodeResultPart, InlineData } from './wire-types.ts';

/** A part of code execution; undefined for any other part. */
export function decodeServerTool(part: JsonObject, wire: JsonObject): ServerToolPart | undefined {
  const own = { type: 'server-tool', tool: 'code-execution', origin: DIALECT, value: wire } as const;
  const code = objectOf(part, 'executableCode');
  if (code !== undefined) {
    const language = (stringOf(code, 'language') ?? 'python').toLowerCase();
    return { ...own, phase: 'call', id: stringOf(code, 'id') ?? '', language, code: stringOf(code, 'code') ?? '' };
  }
  const result = objectOf(part, 'codeExecutionResult');
  if (result === undefined) return undefined;
  const output = stringOf(result, 'output') ?? '';
  const failed = (stringOf(result, 'outcome') ?? 'OUTCOME_OK') !== 'OUTCOME_OK';
  return { ...own, phase: 'result', id: stringOf(result, 'id') ?? '', output, ...(failed && { isError: true }) };
}

/** The searches and fetched pages that a candidate's metadata tell of. */
export function metadataTools(citation: JsonObject): ServerToolPart[] {
  return [...searchOf(citation), ...fetchesOf(citation)];
}

const own = { type: 'server-tool', phase: 'whole', id: '', origin: DIALECT } as const;

function searchOf(citation: JsonObject): ServerToolPart[] {
  const grounding = objectOf(citation, 'groundingMetadata');
  if (grounding === undefined) return [];
  const list = grounding['webSearchQueries'];
  const queries = isJsonArray(list) ? list.filter((query) => typeof query === 'string') : [];
  // A page that grounds several passages is named for each.
  const pages = new Map<string, SearchResult>();
  for (const page of objectsOf(grounding['groundingChunks']).flatMap(decodeChunk)) {
    if (!pages.has(page.url)) pages.set(page.url, page);
  }
  const results = [...pages.values()];
  if (queries.length === 0 && results.length === 0) return [];
  return [{ ...own, tool: 'web-search', queries, ...(results.length > 0 && { results }) }];
}

function decodeChunk(chunk: JsonObject): SearchResult[] {
  const web = objectOf(chunk, 'web') ?? {};
  const url = stringOf(web, 'uri');
  if (url === undefined || url === '') return [];
  const title = stringOf(web, 'title');
  return [{ url, ...(title !== undefined && { title }) }];
}

function fetchesOf(citation: JsonObject): ServerToolPart[] {
  const metadata = objectOf(citation, 'urlContextMetadata');
  const urls = objectsOf(metadata?.['urlMetadata']).flatMap((entry) => stringOf(entry, 'retrievedUrl') ?? []);
  return urls.map((url) => ({ ...own, tool: 'url-context', urls: [url] }));
}

/** Another provider's code execution or image as parts; none for what stands in the metadata or has no form here. */
export function encodeForeignTool(part: ServerToolPart): (CodePart | CodeResultPart | InlineData)[] {
  switch (part.tool) {
    case 'code-execution': {
      const executableCode = { language: language(part.language), code: part.code ?? '' };
      const outcome = part.isError === true ? ('OUTCOME_FAILED' as const) : ('OUTCOME_OK' as const);
      const call = part.phase === 'result' ? [] : [{ executableCode }];
      const hasResult = part.phase === 'result' || part.output !== undefined;
      return [...call, ...(hasResult ? [{ codeExecutionResult: { outcome, output: part.output ?? '' } }] : [])];
    }
    case 'image-generation': {
      const { image } = part;
      return image?.type === 'base64' ? [{ inlineData: { mimeType: image.mediaType, data: image.data } }] : [];
    }
    case 'web-search':
    case 'url-context':
      return [];
  }
}

/** Python is the only language that Gemini has a name for. */
function language(name: string | undefined): CodePart['executableCode']['language'] {
  return name === undefined || name === 'python' ? 'PYTHON' : 'LANGUAGE_UNSPECIFIED';
}
