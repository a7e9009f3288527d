import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type Answer, type Ask, type ClientDriver, dataUrl, sseEvents, type Turn } from '../model.ts';
import { reasoningOf } from './reasoning.ts';

function items(turn: Turn): Wire[] {
  switch (turn.role) {
    case 'system':
    case 'developer':
      return [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: turn.text }] }];
    case 'user': {
      const images = (turn.images ?? []).map((image) => ({
        type: 'input_image',
        image_url: dataUrl(image),
        detail: 'auto',
      }));
      const pdf =
        turn.pdf === undefined
          ? []
          : [{ type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${turn.pdf}` }];
      const texts = [turn.text, ...(turn.more ?? [])].map((text) => ({ type: 'input_text', text }));
      const file = turn.pdfUrl === undefined ? [] : [{ type: 'input_file', file_url: turn.pdfUrl }];
      const sound =
        turn.audio === undefined ? [] : [{ type: 'input_audio', input_audio: { data: turn.audio, format: 'mp3' } }];
      return [{ type: 'message', role: 'user', content: [...texts, ...images, ...pdf, ...file, ...sound] }];
    }
    case 'assistant': {
      const text =
        turn.text === undefined
          ? []
          : [
              {
                type: 'message',
                role: 'assistant',
                content: [{ type: 'output_text', text: turn.text, annotations: [] }],
              },
            ];
      const calls = (turn.calls ?? []).map((call) => ({
        type: 'function_call',
        call_id: call.id,
        name: call.name,
        arguments: JSON.stringify(call.arguments),
      }));
      return [...text, ...calls];
    }
    case 'tool': {
      const image =
        turn.image === undefined ? [] : [{ type: 'input_image', image_url: dataUrl(turn.image), detail: 'auto' }];
      const output = image.length === 0 ? turn.text : [{ type: 'input_text', text: turn.text }, ...image];
      return [{ type: 'function_call_output', call_id: turn.id, output }];
    }
  }
}

function options(ask: Ask): Wire {
  const choice = typeof ask.toolChoice === 'object' ? { type: 'function', ...ask.toolChoice } : ask.toolChoice;
  return {
    tools: ask.tools?.map((tool) => ({
      type: 'function',
      name: tool.name,
      description: tool.description,
      parameters: tool.schema,
      strict: false,
    })),
    tool_choice: choice,
    parallel_tool_calls: ask.parallel,
    text:
      ask.schema === undefined
        ? ask.jsonObject && { format: { type: 'json_object' } }
        : { format: { type: 'json_schema', name: 'answer', strict: true, schema: ask.schema } },
    max_output_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    ...reasoningOf['openai-responses'](ask),
    user: ask.user,
  };
}

function finishOf(response: Wire): Answer['finish'] {
  if (response.status === 'incomplete')
    return response.incomplete_details.reason === 'max_output_tokens' ? 'length' : 'content-filter';
  return response.output.some((item: Wire) => item.type === 'function_call') ? 'tool-calls' : 'stop';
}

function readJson(response: Wire): Answer {
  const of = (type: string): Wire[] => response.output.filter((item: Wire) => item.type === type);
  return {
    refused:
      response.incomplete_details?.reason === 'content_filter' ||
      of('message').some((item) => item.content.some((part: Wire) => part.type === 'refusal')),
    text: of('message')
      .flatMap((item) => item.content)
      .map((part) => part.text ?? part.refusal ?? '')
      .join(''),
    reasoning: of('reasoning')
      .flatMap((item) => [...(item.summary ?? []), ...(item.content ?? [])])
      .map((part) => part.text)
      .join('\n\n'),
    calls: of('function_call').map((item) => ({ name: item.name, arguments: JSON.parse(item.arguments) })),
    finish: finishOf(response),
    usage: {
      input: response.usage.input_tokens,
      cached: response.usage.input_tokens_details.cached_tokens,
      output: response.usage.output_tokens,
      reasoning: response.usage.output_tokens_details.reasoning_tokens,
    },
  };
}

function readStream(text: string): Answer {
  const events: Wire[] = sseEvents(text).map(({ event, data }) => {
    const value: Wire = JSON.parse(data);
    if (value.type !== event) throw new Error(`event line ${event} is not type ${value.type}`);
    return value;
  });
  events.forEach((event, index) => {
    if (event.sequence_number - events[0].sequence_number !== index) throw new Error('sequence_number has a gap');
  });
  const last = events.at(-1);
  if (events[0].type !== 'response.created' || !/^response\.(completed|incomplete)$/.test(last.type))
    throw new Error('a Responses stream must be whole');
  const deltas = (type: string): string =>
    events
      .filter((event) => event.type === type)
      .map((event) => event.delta)
      .join('');
  const answer = readJson(last.response);
  const streamed = deltas('response.output_text.delta') + deltas('response.refusal.delta');
  if (streamed !== answer.text) throw new Error('the deltas are not the final text');
  const added = events.filter((event) => event.type === 'response.output_item.added').length;
  const done = events.filter((event) => event.type === 'response.output_item.done').length;
  if (added !== done || done !== last.response.output.length) throw new Error('items were added that were never done');
  return answer;
}

export const responsesClient: ClientDriver = {
  dialect: 'openai-responses',
  build: (ask, model, stream) => {
    const [first, ...rest] = ask.turns;
    // The first system turn is what Responses clients send as `instructions`.
    const lifted = first?.role === 'system';
    const input = (lifted ? rest : ask.turns).flatMap(items);
    return {
      path: '/v1/responses',
      body: { model, stream, ...(lifted ? { instructions: first.text } : {}), input, ...options(ask) },
    };
  },
  readJson,
  readStream,
};
