import type { Wire } from '../../support/scripted-upstream/index.ts';
import { emptyTurn, mergeTurns, type View, type ViewTurn } from '../model.ts';

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
  partsOf(content).flatMap((part) =>
    part.type === 'file' ? [part.file.file_data.replace('data:application/pdf;base64,', '')] : [],
  );
const audiosOf = (content: Wire): string[] =>
  partsOf(content).flatMap((part) => (part.type === 'input_audio' ? [part.input_audio.data] : []));

function turn(message: Wire): ViewTurn {
  if (message.role === 'tool') {
    return {
      ...emptyTurn,
      role: 'user',
      results: [{ text: textOf(message.content), isError: false, images: imagesOf(message.content) }],
    };
  }
  const calls = (message.tool_calls ?? []).map((call: Wire) => ({
    name: call.function.name,
    arguments: JSON.parse(call.function.arguments),
  }));
  const role = message.role === 'developer' ? 'system' : message.role;
  return {
    ...emptyTurn,
    role,
    text: textOf(message.content),
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
    tools: (body.tools ?? []).map(({ function: tool }: Wire) => ({
      name: tool.name,
      description: tool.description,
      properties: Object.keys(tool.parameters.properties),
    })),
    toolChoice: typeof choice === 'object' ? choice.function.name : choice,
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

/** OpenRouter's object, which a client of this dialect may send. */
function nestedEffort(reasoning: Wire): string | undefined {
  return reasoning?.effort ?? (reasoning?.max_tokens && `budget:${reasoning.max_tokens}`);
}
