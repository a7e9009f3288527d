import type { Wire } from '../../support/scripted-upstream/index.ts';
import { emptyTurn, kindsOf, mergeTurns, type View, type ViewTurn } from '../model.ts';

const partsOf = (content: Wire): Wire[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
const textOf = (content: Wire): string =>
  partsOf(content)
    .map((part) => part.text ?? '')
    .filter((text) => text !== '')
    .join('\n');
const imagesOf = (content: Wire): string[] =>
  partsOf(content).flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
const pdfsOf = (content: Wire): string[] =>
  partsOf(content).flatMap(({ type, file }) =>
    type === 'file' ? [file.file_id ?? file.file_data.replace('data:application/pdf;base64,', '')] : [],
  );
const KIND: Record<string, string> = { image_url: 'image', input_audio: 'audio', file: 'pdf' };
const audiosOf = (content: Wire): string[] =>
  partsOf(content).flatMap((part) => (part.type === 'input_audio' ? [part.input_audio.data] : []));

function turn(message: Wire): ViewTurn {
  if (message.role === 'tool') {
    return {
      ...emptyTurn,
      role: 'user',
      results: [
        {
          text: textOf(message.content),
          isError: false,
          images: imagesOf(message.content),
          pdfs: pdfsOf(message.content),
        },
      ],
    };
  }
  const calls = (message.tool_calls ?? []).map((call: Wire) => ({
    name: (call.custom ?? call.function).name,
    arguments: call.custom ? call.custom.input : JSON.parse(call.function.arguments),
  }));
  const role = message.role === 'developer' ? 'system' : message.role;
  return {
    ...emptyTurn,
    role,
    text: textOf(message.content),
    kinds: kindsOf(partsOf(message.content).map(({ type }) => KIND[type] ?? type)),
    images: imagesOf(message.content),
    pdfs: pdfsOf(message.content),
    audios: audiosOf(message.content),
    calls,
  };
}

/** An OpenAI Chat request as its upstream understands it. */
export function viewChat(body: Wire): View {
  const lead = body.messages.findIndex((message: Wire) => message.role !== 'system' && message.role !== 'developer');
  const choice = body.tool_choice;
  return {
    system: body.messages
      .slice(0, lead)
      .map((message: Wire) => textOf(message.content))
      .join('\n'),
    turns: mergeTurns(body.messages.slice(lead).map(turn)),
    tools: (body.tools ?? []).map(({ function: tool, custom }: Wire) => ({
      name: (tool ?? custom).name,
      description: (tool ?? custom).description,
      properties: custom ? ['input'] : Object.keys(tool.parameters.properties ?? {}),
    })),
    builtIns: body.web_search_options ? ['web-search'] : [],
    toolChoice: chosen(choice),
    ...(body.logprobs ? { logprobs: body.top_logprobs ?? 0 } : {}),
    serviceTier: body.service_tier,
    metadata: body.metadata,
    cacheKey: body.prompt_cache_key,
    verbosity: body.verbosity,
    breakpoints: (JSON.stringify(body).match(/"cache_control"/g) ?? []).length,
    raw: JSON.stringify(body),
    parallel: body.parallel_tool_calls,
    schema: body.response_format?.json_schema?.schema,
    maxTokens: body.max_tokens ?? body.max_completion_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    stop: body.stop,
    effort: body.reasoning_effort ?? nestedEffort(body.reasoning),
    topK: body.top_k,
    seed: body.seed,
    presencePenalty: body.presence_penalty,
    frequencyPenalty: body.frequency_penalty,
    count: body.n,
    jsonObject: body.response_format?.type === 'json_object',
    user: body.user ?? body.safety_identifier,
  };
}

function chosen(choice: Wire): string | undefined {
  if (typeof choice !== 'object') return choice;
  const { mode, tools = [] } = choice.allowed_tools ?? {};
  if (mode !== undefined)
    return `${mode}: ${tools.map((tool: Wire) => (tool.custom ?? tool.function).name).join(', ')}`;
  return (choice.custom ?? choice.function).name;
}

/** OpenRouter's object, which a client of this dialect may send. */
function nestedEffort(reasoning: Wire): string | undefined {
  return reasoning?.effort ?? (reasoning?.max_tokens && `budget:${reasoning.max_tokens}`);
}
