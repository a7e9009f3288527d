/** Counting tokens of plain text. Takes seconds for megabytes: only the worker thread calls it. */

/** Vocabularies of OpenAI's models; other makers publish none, so theirs are estimated with the newest. */
export type Vocabulary = 'o200k' | 'cl100k';

const SMALLEST_RUN = 48;
/** The tokenizer's time grows with the square of a run's length: 22 s for 32,000 Chinese characters without a stop. */
const LONG_RUN = new RegExp(
  `[\\p{L}\\p{M}]{${SMALLEST_RUN}}|\\s{${SMALLEST_RUN}}|[^\\p{L}\\p{M}\\p{N}\\s]{${SMALLEST_RUN}}`,
  'gu',
);
/** Beyond this many characters a part stands for the whole. */
const MOST_COUNTED = 4_000_000;

const loaders = {
  o200k: () => import('gpt-tokenizer/esm/encoding/o200k_base'),
  cl100k: () => import('gpt-tokenizer/esm/encoding/cl100k_base'),
} as const;

/** How many tokens a text has in a vocabulary; loads it on first use. */
export async function countTextTokens(vocabulary: Vocabulary, text: string): Promise<number> {
  const { countTokens } = await loaders[vocabulary]();
  const counted = text.slice(0, MOST_COUNTED);
  // What looks like a control token in a text is text.
  const options = { disallowedSpecial: new Set<string>() };
  let tokens = 0;
  for (const piece of cutLongRuns(counted)) tokens += countTokens(piece, options);
  return counted.length === 0 ? 0 : Math.round((tokens * text.length) / counted.length);
}

function* cutLongRuns(text: string): Generator<string> {
  let start = 0;
  for (const match of text.matchAll(LONG_RUN)) {
    const end = match.index + match[0].length;
    yield text.slice(start, end);
    start = end;
  }
  yield text.slice(start);
}

const OLDER = /^(?:[^/]+\/)*(?:gpt-4(?![.\d]|o)|gpt-3|text-embedding-(?:3|ada))/;

/** The vocabulary of a model, by its name. */
export function vocabularyOf(model: string): Vocabulary {
  return OLDER.test(model) ? 'cl100k' : 'o200k';
}
