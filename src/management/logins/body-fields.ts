import { isJsonObject, type JsonObject } from '../../ir/json.ts';
import type { ManagementRequest } from '../answer.ts';

const MAX_BYTES = 64 * 1024;

/** The JSON object that is the body; undefined: it is none. Throws ProxyError `body_too_large`. */
export async function bodyFields({ body }: ManagementRequest): Promise<JsonObject | undefined> {
  if (body === undefined) return undefined;
  const text = (await body(MAX_BYTES)).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
