/** Google's Code Assist, around Gemini's bodies. https://cloud.google.com/gemini/docs/codeassist/overview */
import { isJsonObject, type JsonObject } from '../ir/index.ts';
import type { Envelope, EnvelopeContext } from './envelope.ts';

/** What is around a body, by the service that takes it. */
type Around = (request: JsonObject, context: EnvelopeContext) => JsonObject;

/** What Antigravity's envelope has to know. */
export interface AntigravityWords {
  /** Who asks; the service wants to be told in the body as well. */
  readonly userAgent: string;
  /** The most tokens of one answer; undefined: unknown. */
  readonly maxOutputTokens: (model: string) => number | undefined;
}

/** Credits that a request may spend, as the account's parameters name them. */
const CREDITS = 'creditType';
/** The least that Claude models take. */
const LEAST_THINKING = 1024;

/** Code Assist as Gemini CLI speaks it: `{ model, project, request }` out, `{ response }` back. */
export const codeAssist: Envelope = envelope((request, context) => ({
  model: context.model,
  ...projectOf(context),
  request: withSession(request, 'session_id', context),
  ...creditsOf(context),
}));

/** Code Assist as Antigravity speaks it: it says what kind of request it is, and differs by the maker of the model. */
export function antigravityCodeAssist({ userAgent, maxOutputTokens }: AntigravityWords): Envelope {
  return envelope((request, context) => {
    const { model } = context;
    const kind = kindOf(request, model);
    const { safetySettings: _, ...rest } = request;
    const fitted = isClaude(model) ? forClaude(rest, maxOutputTokens(model)) : withoutLimit(rest);
    return {
      model,
      ...projectOf(context),
      userAgent,
      requestType: kind,
      requestId: `${kind}-${context.newUuid()}`,
      request: withSession(fitted, 'sessionId', context),
      ...creditsOf(context),
    };
  });
}

function envelope(around: Around): Envelope {
  return {
    wrap: (body, context) => (context.operation === 'count-tokens' ? counted(body, context) : around(body, context)),
    unwrap: (answer) => (isJsonObject(answer['response']) ? answer['response'] : answer),
  };
}

/** Counting is of no project. */
function counted(body: JsonObject, { model }: EnvelopeContext): JsonObject {
  const { safetySettings: _, generationConfig: _config, session_id: _id, sessionId: _other, ...request } = body;
  return { request: { model: `models/${model}`, ...request } };
}

function projectOf({ parameters }: EnvelopeContext): JsonObject {
  const { project } = parameters;
  // Accounts of companies may have none: their licence says what they can use.
  return project === undefined || project === '' ? {} : { project };
}

function creditsOf({ parameters }: EnvelopeContext): JsonObject {
  const type = parameters[CREDITS];
  return type === undefined ? {} : { enabledCreditTypes: [type] };
}

/** The client's own name of the conversation comes first. */
function withSession(body: JsonObject, name: 'session_id' | 'sessionId', { session }: EnvelopeContext): JsonObject {
  const { session_id: snake, sessionId: camel, ...rest } = body;
  const id = snake ?? camel ?? session;
  return id === undefined ? rest : { ...rest, [name]: id };
}

function kindOf({ tools }: JsonObject, model: string): 'agent' | 'image_gen' | 'web_search' {
  if (/-image\b/.test(model)) return 'image_gen';
  const [tool, second] = Array.isArray(tools) ? tools : [];
  const searches = second === undefined && isJsonObject(tool) && Object.keys(tool).join() === 'googleSearch';
  return searches ? 'web_search' : 'agent';
}

function isClaude(model: string): boolean {
  return model.startsWith('claude-');
}

/** Models of other makers decide themselves how long an answer may be. */
function withoutLimit(body: JsonObject): JsonObject {
  const config = objectIn(body, 'generationConfig');
  if (config?.['maxOutputTokens'] === undefined) return body;
  const { maxOutputTokens: _, ...generationConfig } = config;
  return { ...body, generationConfig };
}

function forClaude(body: JsonObject, most: number | undefined): JsonObject {
  const config = objectIn(body, 'generationConfig');
  const fitted = config === undefined ? body : { ...body, generationConfig: limited(config, most) };
  return declaresTools(body) ? validated(fitted) : fitted;
}

function limited(config: JsonObject, most = Number.POSITIVE_INFINITY): JsonObject {
  const { maxOutputTokens, thinkingConfig, ...rest } = config;
  const thinking = isJsonObject(thinkingConfig) ? thinkingConfig : undefined;
  const budget = thinking?.['thinkingBudget'];
  const thinks = typeof budget === 'number' && budget > 0;
  const asked = typeof maxOutputTokens === 'number' ? Math.min(maxOutputTokens, most) : undefined;
  const limit = asked ?? (thinks && Number.isFinite(most) ? most : undefined);
  return {
    ...rest,
    ...(limit === undefined ? {} : { maxOutputTokens: limit }),
    ...(thinking === undefined ? {} : thinks ? withinLimit(thinking, budget, limit) : { thinkingConfig: thinking }),
  };
}

/** The answer's limit counts what the model thinks as well; there is no thinking below the least budget. */
function withinLimit(thinking: JsonObject, budget: number, limit = Number.POSITIVE_INFINITY): JsonObject {
  const thinkingBudget = Math.min(budget, limit - 1);
  return thinkingBudget < LEAST_THINKING ? {} : { thinkingConfig: { ...thinking, thinkingBudget } };
}

function declaresTools({ tools }: JsonObject): boolean {
  return (
    Array.isArray(tools) && tools.some((tool) => isJsonObject(tool) && Array.isArray(tool['functionDeclarations']))
  );
}

/** Calls are held to their schemas; what the client demands beyond that stays. */
function validated(body: JsonObject): JsonObject {
  const toolConfig = objectIn(body, 'toolConfig') ?? {};
  const calling = objectIn(toolConfig, 'functionCallingConfig') ?? {};
  const mode = calling['mode'];
  if (mode !== undefined && mode !== 'AUTO' && mode !== 'MODE_UNSPECIFIED') return body;
  return { ...body, toolConfig: { ...toolConfig, functionCallingConfig: { ...calling, mode: 'VALIDATED' } } };
}

function objectIn(body: JsonObject, name: string): JsonObject | undefined {
  const value = body[name];
  return isJsonObject(value) ? value : undefined;
}
