import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type BuiltIn, emptyTurn, kindsOf, mergeTurns, type View, type ViewTurn } from '../model.ts';

const partsOf = (content: Wire): Wire[] =>
  typeof content === 'string' ? [{ type: 'input_text', text: content }] : (content ?? []);
const textOf = (content: Wire): string =>
  partsOf(content)
    .map((part) => part.text ?? '')
    .filter((text) => text !== '')
    .join('\n');
const imagesOf = (content: Wire): string[] =>
  partsOf(content).flatMap((part) => (part.type === 'input_image' ? [part.file_id ?? part.image_url] : []));
const pdfsOf = (content: Wire): string[] =>
  partsOf(content).flatMap(({ type, file_id, file_url, file_data }) =>
    type === 'input_file' ? [file_id ?? file_url ?? file_data.replace('data:application/pdf;base64,', '')] : [],
  );
const KIND: Record<string, string> = { input_image: 'image', input_file: 'pdf', input_audio: 'audio' };
const audiosOf = (content: Wire): string[] =>
  partsOf(content).flatMap((part) => (part.type === 'input_audio' ? [part.input_audio.data] : []));

function turn(item: Wire): ViewTurn[] {
  switch (item.type ?? 'message') {
    case 'message': {
      const role = item.role === 'developer' ? 'system' : item.role;
      return [
        {
          ...emptyTurn,
          role,
          text: textOf(item.content),
          kinds: kindsOf(partsOf(item.content).map(({ type }) => KIND[type] ?? 'text')),
          images: imagesOf(item.content),
          pdfs: pdfsOf(item.content),
          audios: audiosOf(item.content),
        },
      ];
    }
    case 'function_call':
      return [{ ...emptyTurn, role: 'assistant', calls: [{ name: item.name, arguments: JSON.parse(item.arguments) }] }];
    case 'custom_tool_call':
      return [{ ...emptyTurn, role: 'assistant', calls: [{ name: item.name, arguments: item.input }] }];
    case 'custom_tool_call_output':
    case 'function_call_output':
      return [
        {
          ...emptyTurn,
          role: 'user',
          results: [
            { text: textOf(item.output), isError: false, images: imagesOf(item.output), pdfs: pdfsOf(item.output) },
          ],
        },
      ];
    default:
      return [];
  }
}

const BUILT_IN: Record<string, BuiltIn> = {
  web_search: 'web-search',
  code_interpreter: 'code-execution',
  image_generation: 'image-generation',
};

function chosen(choice: Wire): string | undefined {
  if (typeof choice !== 'object') return choice;
  if (choice.type === 'allowed_tools')
    return `${choice.mode}: ${choice.tools.map(({ name }: Wire) => name).join(', ')}`;
  return BUILT_IN[choice.type] ?? choice.name;
}

/** A Responses request as its upstream understands it. */
export function viewResponses(body: Wire): View {
  const choice = body.tool_choice;
  const turns = mergeTurns(partsOf(body.input).flatMap(turn));
  const lead = turns[0]?.role === 'system' ? turns[0].text : '';
  return {
    system: [body.instructions ?? '', lead].filter((text) => text !== '').join('\n'),
    turns: lead === '' ? turns : turns.slice(1),
    tools: (body.tools ?? [])
      .flatMap((tool: Wire) => (tool.type === 'namespace' ? tool.tools : [tool]))
      .filter(({ type }: Wire) => type === 'function' || type === 'custom')
      .map((tool: Wire) => ({
        name: tool.name,
        description: tool.description,
        properties: tool.type === 'custom' ? ['input'] : Object.keys(tool.parameters.properties ?? {}),
      })),
    builtIns: (body.tools ?? []).flatMap(({ type }: Wire) => BUILT_IN[type] ?? []),
    toolChoice: chosen(choice),
    ...(body.include?.includes('message.output_text.logprobs') ? { logprobs: body.top_logprobs ?? 0 } : {}),
    serviceTier: body.service_tier,
    metadata: body.metadata,
    cacheKey: body.prompt_cache_key,
    verbosity: body.text?.verbosity,
    breakpoints: 0,
    raw: JSON.stringify(body),
    parallel: body.parallel_tool_calls,
    schema: body.text?.format?.schema,
    maxTokens: body.max_output_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    jsonObject: body.text?.format?.type === 'json_object',
    effort: body.reasoning?.effort,
    shown: body.reasoning && (body.reasoning.summary ?? 'none') !== 'none',
    user: body.user ?? body.safety_identifier,
  };
}
