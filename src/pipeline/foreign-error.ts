/** What gateways and servers of other makes answer as an error, whatever dialect they speak otherwise. */
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import { durationMs } from './retry-after.ts';

/**
 * An error body as every codec can read it: an object whose `error` holds the `message`. Bodies that are so already, and
 * those without any message, stay as they are.
 */
export function evenErrorBody(body: JsonValue | undefined): JsonValue | undefined {
  // Gemini's compatible endpoint wraps the error in an array.
  const value = isJsonArray(body) ? body[0] : body;
  if (!isJsonObject(value) || isJsonObject(value['error'])) return value;
  const message = messageOf(value);
  return message === undefined ? value : { ...value, error: { ...value, message } };
}

/** When to try again as the body says it in the words of any provider; milliseconds from now. */
export function retryHintMs(body: JsonValue | undefined): number | undefined {
  if (!isJsonObject(body)) return undefined;
  const error = isJsonObject(body['error']) ? body['error'] : body;
  const details = isJsonArray(error['details']) ? error['details'].filter(isJsonObject) : [];
  const delays = details.flatMap((detail) => durationMs(textOf(detail['retryDelay'])) ?? []);
  if (delays[0] !== undefined) return delays[0];
  for (const source of [error, body]) {
    for (const key of ['resets_in_seconds', 'retry_after_seconds', 'retry_after']) {
      const seconds = source[key];
      if (typeof seconds === 'number' && seconds >= 0) return Math.ceil(seconds * 1000);
    }
  }
  return undefined;
}

function messageOf(value: JsonObject): string | undefined {
  const [first] = isJsonArray(value['errors']) ? value['errors'] : [];
  const told = [value['error'], value['message'], value['detail'], first, value['msg'], value['error_description']];
  return told.map((one) => textOf(one) ?? partsOf(one)).find((text) => text !== undefined);
}

/** FastAPI: a list of `{ loc, msg }`; others: an object with a message. */
function partsOf(value: JsonValue | undefined): string | undefined {
  if (isJsonObject(value)) return textOf(value['message']);
  if (!isJsonArray(value)) return undefined;
  const lines = value.flatMap((item) => {
    if (!isJsonObject(item)) return textOf(item) ?? [];
    const said = textOf(item['msg']);
    if (said === undefined) return [];
    return isJsonArray(item['loc']) ? `${item['loc'].join('.')}: ${said}` : said;
  });
  return textOf(lines.join('; '));
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
