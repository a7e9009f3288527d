import { invalidRequest } from '../../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, type MediaPart, type Part } from '../../ir/index.ts';
import { isJsonArray, parseDataUrl } from '../../ir/read.ts';

/** An answer's `content`: a string, or Mistral's array of text and thinking items. */
export function decodeAnswerContent(value: JsonValue | undefined, path: string): Part[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!isJsonArray(value)) throw invalidRequest(path, 'must be a string or an array');
  return value.flatMap(decodeItem);
}

function decodeItem(item: JsonValue): Part[] {
  if (!isJsonObject(item)) return typeof item === 'string' ? [{ type: 'text', text: item }] : [];
  if (item['type'] === 'thinking') {
    const text = joinTexts(item['thinking']);
    return text === '' ? [] : [{ type: 'reasoning', text, summary: false, redacted: false }];
  }
  const text = item['text'];
  return typeof text === 'string' && text !== '' ? [{ type: 'text', text }] : [];
}

function joinTexts(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  if (!isJsonArray(value)) return '';
  return value.map((item) => (isJsonObject(item) && typeof item['text'] === 'string' ? item['text'] : '')).join('');
}

/** `audio` of an answer: the sound, and its transcript as the text it is. */
export function decodeAudio(value: JsonValue | undefined): Part[] {
  if (!isJsonObject(value)) return [];
  const { data, transcript } = value;
  const parts: Part[] = [];
  if (typeof transcript === 'string' && transcript !== '') parts.push({ type: 'text', text: transcript });
  if (typeof data === 'string' && data !== '') {
    parts.push({ type: 'media', kind: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data } });
  }
  return parts;
}

/** `images`, in which OpenRouter and others return generated images. */
export function decodeImages(value: JsonValue | undefined): MediaPart[] {
  if (!isJsonArray(value)) return [];
  return value.flatMap((item) => {
    const holder = isJsonObject(item) ? item['image_url'] : undefined;
    const url = isJsonObject(holder) ? holder['url'] : undefined;
    if (typeof url !== 'string') return [];
    const data = parseDataUrl(url);
    const source = data === undefined ? ({ type: 'url', url } as const) : ({ type: 'base64', ...data } as const);
    return [{ type: 'media', kind: 'image', source } as const];
  });
}

/** The token entries of a choice's `logprobs`; undefined when there are none. */
export function tokenLogprobs(choice: JsonObject): readonly JsonValue[] | undefined {
  const holder = choice['logprobs'];
  const content = isJsonObject(holder) ? holder['content'] : undefined;
  return isJsonArray(content) && content.length > 0 ? content : undefined;
}
