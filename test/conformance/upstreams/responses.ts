import type { Wire } from '../../support/scripted-upstream/index.ts';
import { emptyTurn, mergeTurns, type View, type ViewTurn } from '../model.ts';

const partsOf = (content: Wire): Wire[] =>
  typeof content === 'string' ? [{ type: 'input_text', text: content }] : (content ?? []);
const textOf = (content: Wire): string =>
  partsOf(content)
    .map((part) => part.text ?? '')
    .filter((text) => text !== '')
    .join('\n');
const imagesOf = (content: Wire): string[] =>
  partsOf(content).flatMap((part) => (part.type === 'input_image' ? [part.image_url] : []));
const pdfsOf = (content: Wire): string[] =>
  partsOf(content).flatMap((part) =>
    part.type === 'input_file' ? [part.file_url ?? part.file_data.replace('data:application/pdf;base64,', '')] : [],
  );
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
          images: imagesOf(item.content),
          pdfs: pdfsOf(item.content),
          audios: audiosOf(item.content),
        },
      ];
    }
    case 'function_call':
      return [{ ...emptyTurn, role: 'assistant', calls: [{ name: item.name, arguments: JSON.parse(item.arguments) }] }];
    case 'function_call_output':
      return [
        {
          ...emptyTurn,
          role: 'user',
          results: [{ text: textOf(item.output), isError: false, images: imagesOf(item.output) }],
        },
      ];
    default:
      return [];
  }
}

/** A Responses request as its upstream understands it. */
export function viewResponses(body: Wire): View {
  const choice = body.tool_choice;
  const turns = mergeTurns(partsOf(body.input).flatMap(turn));
  const lead = turns[0]?.role === 'system' ? turns[0].text : '';
  return {
    system: [body.instructions ?? '', lead].filter((text) => text !== '').join('\n'),
    turns: lead === '' ? turns : turns.slice(1),
    tools: (body.tools ?? []).map((tool: Wire) => ({
      name: tool.name,
      description: tool.description,
      properties: Object.keys(tool.parameters.properties),
    })),
    toolChoice: typeof choice === 'object' ? choice.name : choice,
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
