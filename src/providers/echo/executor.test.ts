import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { UpstreamCall, UpstreamHandle, UpstreamSink } from '../../executors/executor.ts';
import { createEchoExecutor } from './executor.ts';

class Recorder implements UpstreamSink {
  status = 0;
  contentType: unknown;
  chunks: string[] = [];
  ended = false;
  accept = (): boolean => true;
  head(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    this.status = status;
    this.contentType = headers['content-type'];
  }
  data(chunk: Buffer): boolean {
    this.chunks.push(chunk.toString());
    return this.accept();
  }
  end(): void {
    this.ended = true;
  }
  error(): void {
    throw new Error('echo never fails on the wire');
  }
  get text(): string {
    return this.chunks.join('');
  }
}

function send(body: unknown, sink: Recorder): UpstreamHandle {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const call: UpstreamCall = {
    method: 'POST',
    origin: 'http://echo.invalid',
    path: '/chat/completions',
    headers: {},
    body: Buffer.from(text),
    proxyUrl: undefined,
  };
  return createEchoExecutor().send(call, sink);
}

async function run(body: unknown): Promise<Recorder> {
  const sink = new Recorder();
  send(body, sink);
  for (let turns = 0; turns < 200 && !sink.ended; turns++) await turn();
  return sink;
}

// biome-ignore lint/suspicious/noExplicitAny: wire JSON in a test
const whole = async (body: object): Promise<any> => JSON.parse((await run(body)).text);
const user = (content: unknown) => ({ role: 'user', content });
const shell = (command: object) => ({
  type: 'function',
  function: { name: 'shell', parameters: { type: 'object', properties: { command }, required: ['command'] } },
});

describe('echo text', () => {
  it('repeats the last user text with a word count as usage', async () => {
    const answer = await whole({
      model: 'echo',
      messages: [user('one'), { role: 'assistant', content: 'x' }, user('two words')],
    });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'two words' },
    });
    expect(answer.usage).toEqual({ prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 });
  });

  it('streams several chunks that join to the text, characters whole', async () => {
    const text = 'Grüße 👩‍💻 an alle, die das hier lesen';
    const sink = await run({
      model: 'echo',
      stream: true,
      stream_options: { include_usage: true },
      messages: [user(text)],
    });
    expect(sink.contentType).toBe('text/event-stream');
    const blocks = sink.text
      .split('\n\n')
      .filter(Boolean)
      .map((block) => block.slice('data: '.length));
    expect(blocks.at(-1)).toBe('[DONE]');
    const chunks = blocks.slice(0, -1).map((block) => JSON.parse(block));
    const contents = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(contents.join('')).toBe(text);
    expect(contents.filter(Boolean).length).toBeGreaterThan(3);
    expect(chunks.at(-2).choices[0].finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 8 } });
  });

  it('sends no usage chunk unasked', async () => {
    const sink = await run({ stream: true, messages: [user('hi')] });
    expect(sink.text).not.toContain('usage');
  });

  it('notes images', async () => {
    const content = [
      { type: 'text', text: 'look' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
    ];
    expect((await whole({ messages: [user(content)] })).choices[0].message.content).toBe('look\n[image]');
  });

  it('answers invalid JSON with 400', async () => {
    const sink = await run('{"messages":');
    expect(sink.status).toBe(400);
    expect(JSON.parse(sink.text).error.type).toBe('invalid_request_error');
  });
});

describe('echo tools', () => {
  it('calls the first tool when asked to', async () => {
    const body = { messages: [user('use the TOOL now')], tools: [shell({ type: 'string' })] };
    const answer = await whole(body);
    expect(answer.choices[0].finish_reason).toBe('tool_calls');
    expect(answer.choices[0].message.tool_calls[0]).toMatchObject({
      type: 'function',
      function: { name: 'shell', arguments: '{"command":"echo llmproxy"}' },
    });
  });

  it('streams the call: id and name first, arguments in pieces', async () => {
    const sink = await run({
      stream: true,
      messages: [user('TOOL')],
      tools: [shell({ type: 'array', items: { type: 'string' } })],
    });
    const calls = sink.text
      .split('\n\n')
      .filter((block) => block.includes('tool_calls":['))
      .map((block) => JSON.parse(block.slice(6)).choices[0].delta.tool_calls[0]);
    expect(calls[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'shell', arguments: '' } });
    expect(calls[0].id).toMatch(/^call_/);
    expect(JSON.parse(calls.map((call) => call.function.arguments).join(''))).toEqual({
      command: ['echo', 'llmproxy'],
    });
    expect(sink.text).toContain('"finish_reason":"tool_calls"');
  });

  it.each([
    ['the word is missing', { messages: [user('use the toolbox')], tools: [shell({ type: 'string' })] }],
    ['no tool is offered', { messages: [user('TOOL')] }],
    ['tools are forbidden', { messages: [user('TOOL')], tools: [shell({ type: 'string' })], tool_choice: 'none' }],
  ])('does not call when %s', async (_, body) => {
    expect((await whole(body)).choices[0].finish_reason).toBe('stop');
  });

  it('reports the tool result, cut to 500 characters', async () => {
    const messages = [user('TOOL'), { role: 'assistant', content: null }, { role: 'tool', content: 'x'.repeat(600) }];
    const answer = await whole({ messages, tools: [shell({ type: 'string' })] });
    expect(answer.choices[0].message.content).toBe(`tool said: ${'x'.repeat(500)}...`);
  });
});

describe('echo flow', () => {
  const body = { stream: true, messages: [user('a text of several words')] };

  it('stops while the sink is full and goes on at resume', async () => {
    const sink = new Recorder();
    sink.accept = () => sink.chunks.length !== 2;
    const handle = send(body, sink);
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(sink.chunks).toHaveLength(2);
    expect(sink.ended).toBe(false);
    handle.resume();
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(sink.ended).toBe(true);
  });

  it('is silent after abort', async () => {
    const sink = new Recorder();
    const handle: UpstreamHandle = send(body, sink);
    sink.accept = () => {
      handle.abort();
      return true;
    };
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(sink.chunks).toHaveLength(1);
    expect(sink.ended).toBe(false);
  });

  it('never answers from within send', () => {
    const sink = new Recorder();
    send(body, sink).abort();
    expect(sink.status).toBe(0);
  });
});
