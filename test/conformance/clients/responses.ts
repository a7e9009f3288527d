import type { Wire } from '../../support/scripted-upstream/index.ts';
import {
  type Answer,
  type Ask,
  type Call,
  type ClientDriver,
  dataUrl,
  type Picture,
  sseEvents,
  type Turn,
} from '../model.ts';
import { reasoningOf } from './reasoning.ts';
import { responsesTools } from './tools.ts';

const picture = (image: Picture): Wire =>
  'fileId' in image
    ? { type: 'input_image', file_id: image.fileId, detail: 'auto' }
    : { type: 'input_image', image_url: dataUrl(image), detail: 'auto' };

const fileOf = (pdf: string): Wire => ({
  type: 'input_file',
  filename: 'a.pdf',
  file_data: `data:application/pdf;base64,${pdf}`,
});

const callOf = ({ id, name, arguments: input, custom }: Call): Wire =>
  custom
    ? { type: 'custom_tool_call', call_id: id, name, input }
    : { type: 'function_call', call_id: id, name, arguments: JSON.stringify(input) };

function items(turn: Turn): Wire[] {
  switch (turn.role) {
    case 'system':
    case 'developer':
      return [{ type: 'message', role: 'developer', content: [{ type: 'input_text', text: turn.text }] }];
    case 'user': {
      const images = (turn.images ?? []).map(picture);
      const pdf = turn.pdf === undefined ? [] : [fileOf(turn.pdf)];
      const kept = turn.pdfId === undefined ? [] : [{ type: 'input_file', file_id: turn.pdfId }];
      const last = turn.after === undefined ? [] : [{ type: 'input_text', text: turn.after }];
      const texts = [turn.text, ...(turn.more ?? [])].map((text) => ({ type: 'input_text', text }));
      const file = turn.pdfUrl === undefined ? [] : [{ type: 'input_file', file_url: turn.pdfUrl }];
      const sound =
        turn.audio === undefined ? [] : [{ type: 'input_audio', input_audio: { data: turn.audio, format: 'mp3' } }];
      const content = [...texts, ...images, ...pdf, ...file, ...kept, ...sound, ...last];
      return [{ type: 'message', role: 'user', content }];
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
      const calls = (turn.calls ?? []).map(callOf);
      return [...text, ...calls];
    }
    case 'tool': {
      const media = [...(turn.images ?? []).map(picture), ...(turn.pdf === undefined ? [] : [fileOf(turn.pdf)])];
      const output = media.length === 0 ? turn.text : [{ type: 'input_text', text: turn.text }, ...media];
      const type = turn.custom ? 'custom_tool_call_output' : 'function_call_output';
      return [{ type, call_id: turn.id, output }];
    }
  }
}

function options(ask: Ask): Wire {
  const format =
    ask.schema === undefined
      ? ask.jsonObject && { type: 'json_object' }
      : { type: 'json_schema', name: 'answer', strict: true, schema: ask.schema };
  return {
    ...responsesTools(ask),
    parallel_tool_calls: ask.parallel,
    text: format || ask.verbosity ? { ...(format && { format }), verbosity: ask.verbosity } : undefined,
    ...(ask.logprobs === undefined ? {} : { include: ['message.output_text.logprobs'], top_logprobs: ask.logprobs }),
    service_tier: ask.serviceTier,
    metadata: ask.metadata,
    prompt_cache_key: ask.cacheKey,
    max_output_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    ...reasoningOf['openai-responses'](ask),
    user: ask.user,
    ...ask.wire,
  };
}

function finishOf(response: Wire): Answer['finish'] {
  if (response.status === 'incomplete')
    return response.incomplete_details.reason === 'max_output_tokens' ? 'length' : 'content-filter';
  return response.output.some((item: Wire) => /^(function|custom_tool)_call$/.test(item.type)) ? 'tool-calls' : 'stop';
}

function logprobsOf(messages: readonly Wire[]): Pick<Answer, 'logprobs'> {
  const tokens = messages.flatMap(({ content }) => content.flatMap(({ logprobs = [] }: Wire) => logprobs));
  if (tokens.length === 0) return {};
  return { logprobs: tokens.map(({ token, logprob, top_logprobs: top }) => ({ token, logprob, top: top.length })) };
}

const citedBy = ({ text = '', annotations = [] }: Wire): string[][] =>
  annotations.map(({ url, title, start_index, end_index }: Wire) => [
    url,
    title,
    [...text].slice(start_index, end_index).join(''),
  ]);

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
    calls: response.output.flatMap(({ type, namespace, name, arguments: json, input }: Wire) => {
      const qualified = namespace === undefined ? name : `${namespace}/${name}`;
      if (type === 'custom_tool_call') return [{ name: qualified, arguments: input }];
      return type === 'function_call' ? [{ name: qualified, arguments: JSON.parse(json) }] : [];
    }),
    rawFinish: response.incomplete_details?.reason ?? response.status,
    ...(response.service_tier ? { serviceTier: response.service_tier } : {}),
    turns: response.output,
    ...logprobsOf(of('message')),
    queries: of('web_search_call').flatMap(({ action }) => action.queries ?? [action.query]),
    found: of('web_search_call').flatMap(({ action }) => (action.sources ?? []).map(({ url }: Wire) => url)),
    cited: of('message').flatMap(({ content }) => content.flatMap(citedBy)),
    code: of('code_interpreter_call').map(({ code, outputs }) => ({
      code,
      output: (outputs ?? []).map(({ logs }: Wire) => logs).join(''),
    })),
    generated: of('image_generation_call').map(({ result }) => result),
    finish: finishOf(response),
    usage: {
      input: response.usage.input_tokens,
      cached: response.usage.input_tokens_details.cached_tokens,
      output: response.usage.output_tokens,
      written: response.usage.input_tokens_details.cache_write_tokens ?? 0,
      reasoning: response.usage.output_tokens_details.reasoning_tokens,
      total: response.usage.total_tokens,
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
  if (events[0].type !== 'response.created' || !/^response\.(completed|incomplete|failed)$/.test(last.type))
    throw new Error('a Responses stream must be whole');
  const deltas = (type: string): string =>
    events
      .filter((event) => event.type === type)
      .map((event) => event.delta)
      .join('');
  const answer = readJson(last.response);
  const streamedTokens = events.flatMap(({ type, logprobs }) =>
    type === 'response.output_text.delta' ? (logprobs ?? []) : [],
  );
  if (streamedTokens.length !== (answer.logprobs?.length ?? 0)) throw new Error('other tokens in the deltas');
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
  goOn: ({ path, body }, { turns }, question) => ({
    path,
    body: { ...body, input: [...body.input, ...turns, { type: 'message', role: 'user', content: question }] },
  }),
  readJson,
  readStream,
};
