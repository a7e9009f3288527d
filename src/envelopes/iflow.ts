/** Around the Chat bodies of iFlow: errors that come with status 200, answers in a wrapper, switches for reasoning. */
import { isJsonObject, type JsonObject, type JsonValue, type MutableJsonObject } from '../ir/index.ts';
import type { Envelope } from './envelope.ts';

/** Around Chat. */
export const iflow: Envelope = { wrap: (body) => withSwitches(withoutEmptyTools(body)), unwrap };

/** An empty list of tools is an error there. */
function withoutEmptyTools(body: JsonObject): JsonObject {
  const { tools, ...rest } = body;
  return Array.isArray(tools) && tools.length === 0 ? rest : body;
}

/** Models that are told to reason by a switch of their template. */
const TEMPLATE_SWITCH = /^(?:glm|qwen3-max-preview|deepseek-v3\.[12])/;

/** Those that are told by a member of their own. */
const SPLIT_SWITCH = /^minimax/;

/** How much is not known here, only whether. */
function withSwitches(body: JsonObject): JsonObject {
  const { model, reasoning_effort: effort, ...rest } = body;
  const name = typeof model === 'string' ? model : '';
  const isSwitched = TEMPLATE_SWITCH.test(name);
  if (effort === undefined || (!isSwitched && !SPLIT_SWITCH.test(name))) return body;
  const thinks = effort !== 'none';
  const changed: MutableJsonObject = { model, ...rest };
  if (!isSwitched) return { ...changed, reasoning_split: thinks };
  const own = isJsonObject(rest['chat_template_kwargs']) ? rest['chat_template_kwargs'] : {};
  const clear = name.startsWith('glm') && thinks ? { clear_thinking: false } : {};
  return { ...changed, chat_template_kwargs: { ...own, enable_thinking: thinks, ...clear } };
}

function unwrap(answer: JsonObject): JsonObject {
  if (answer['choices'] !== undefined || answer['error'] !== undefined) return answer;
  const { data, status } = answer;
  if (isJsonObject(data) && data['choices'] !== undefined) return data;
  const message = [answer['msg'], answer['message'], answer['body']].find((words) => typeof words === 'string');
  if (status === undefined || message === undefined) return answer;
  return { error: { message, ...meaningOf(Number(status), String(message)) } };
}

/** As OpenAI's errors say it; 439 is a key that has ended. */
function meaningOf(status: number, message: string): { readonly code: JsonValue; readonly type: string } {
  const isEnded = status === 439 || /\bexpired\b|过期/i.test(message);
  if (status === 401 || status === 403 || isEnded) return { code: 401, type: 'authentication_error' };
  return status === 429 ? { code: 429, type: 'rate_limit_error' } : { code: 502, type: 'server_error' };
}
