import { ProxyError } from '../../errors.ts';
import type { JsonObject } from '../../ir/index.ts';
import type { ModelInfo } from '../../models/model-info.ts';
import type { RequestHead } from '../request-head.ts';
import type { CodecSlot } from '../router.ts';

/** A model as a client may ask for it. */
export interface ModelListing {
  /** The name clients use: an alias or prefixed name where there is one. */
  readonly id: string;
  readonly info?: ModelInfo;
  /** Who serves it, for people: the provider's label. */
  readonly provider: string;
}

/** A list of models in the shape of the client's dialect. */
export function modelList(slot: CodecSlot, models: readonly ModelListing[], head: RequestHead): JsonObject {
  switch (slot) {
    case 'chat':
    case 'completions':
    case 'responses':
      return { object: 'list', data: models.map(openaiModel), ...emptyCodexCatalog(head) };
    case 'messages':
      return claudeList(models, head);
    case 'gemini':
      return geminiList(models, head);
  }
}

/**
 * Codex asks with its version for a catalogue of its own shape, in which a model without the prompt that Codex was made
 * for is worth less than none: with an empty one Codex goes by what it knows itself, and reports no error.
 */
function emptyCodexCatalog(head: RequestHead): JsonObject {
  return head.query('client_version') === undefined ? {} : { models: [] };
}

/** One model in the shape of the client's dialect. */
export function modelEntry(slot: CodecSlot, model: ModelListing): JsonObject {
  switch (slot) {
    case 'chat':
    case 'completions':
    case 'responses':
      return openaiModel(model);
    case 'messages':
      return claudeModel(model);
    case 'gemini':
      return geminiModel(model);
  }
}

/** https://platform.openai.com/docs/api-reference/models/object, and the limits under the names OpenRouter gave them. */
function openaiModel({ id, info, provider }: ModelListing): JsonObject {
  return {
    id,
    object: 'model',
    created: info?.createdAtS ?? 0,
    owned_by: info?.ownedBy ?? provider,
    ...optional('context_length', info?.contextLength),
    ...optional('max_completion_tokens', info?.maxOutputTokens),
  };
}

/** https://docs.anthropic.com/en/api/models-list: an unknown date is the epoch there. */
function claudeModel({ id, info }: ModelListing): JsonObject {
  return {
    type: 'model',
    id,
    display_name: info?.displayName ?? id,
    created_at: new Date((info?.createdAtS ?? 0) * 1000).toISOString().replace('.000Z', 'Z'),
    ...optional('max_input_tokens', info?.contextLength),
    ...optional('max_tokens', info?.maxOutputTokens),
  };
}

/** All models unless the client sets a limit: one that does not page must not miss any. */
function claudeList(models: readonly ModelListing[], head: RequestHead): JsonObject {
  const limit = count(head.query('limit')) ?? models.length;
  const [after, before] = [head.query('after_id'), head.query('before_id')];
  const backwards = after === undefined && before !== undefined;
  const rest = backwards ? models.slice(0, indexOf(models, before)) : models.slice(indexOf(models, after) + 1);
  const page = backwards ? rest.slice(-limit) : rest.slice(0, limit);
  return {
    data: page.map(claudeModel),
    has_more: page.length < rest.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function indexOf(models: readonly ModelListing[], id: string | undefined): number {
  return id === undefined ? -1 : models.findIndex((model) => model.id === id);
}

/** https://ai.google.dev/api/models#Model */
function geminiModel({ id, info }: ModelListing): JsonObject {
  return {
    name: id.startsWith('tunedModels/') ? id : `models/${id}`,
    baseModelId: id,
    version: '001',
    displayName: info?.displayName ?? id,
    ...optional('inputTokenLimit', info?.contextLength),
    ...optional('outputTokenLimit', info?.maxOutputTokens),
    supportedGenerationMethods: ['generateContent', 'countTokens'],
    ...optional('thinking', info?.capabilities?.reasoning),
  };
}

function geminiList(models: readonly ModelListing[], head: RequestHead): JsonObject {
  const start = pageStart(head.query('pageToken'));
  const end = start + (count(head.query('pageSize')) ?? models.length);
  return {
    models: models.slice(start, end).map(geminiModel),
    ...optional('nextPageToken', end < models.length ? String(end) : undefined),
  };
}

function pageStart(token: string | undefined): number {
  if (token === undefined || token === '') return 0;
  if (!/^\d{1,9}$/.test(token)) throw new ProxyError('invalid_request', 'pageToken is not one that this server gave');
  return Number(token);
}

/** A page size; one that makes no sense means none. */
function count(value: string | undefined): number | undefined {
  const parsed = Number(value);
  return Number.isInteger(parsed) && parsed > 0 ? parsed : undefined;
}

function optional(name: string, value: number | boolean | string | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
