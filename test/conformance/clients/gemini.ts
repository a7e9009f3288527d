import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type Answer, type Ask, type ClientDriver, type Picture, sseEvents, type Turn } from '../model.ts';
import { reasoningOf } from './reasoning.ts';
import { geminiTools } from './tools.ts';

const image = (picture: Picture): Wire =>
  'fileId' in picture || 'url' in picture
    ? { fileData: { fileUri: 'url' in picture ? picture.url : picture.fileId, mimeType: 'image/png' } }
    : { inlineData: { mimeType: picture.mediaType, data: picture.base64 } };

function content(turn: Turn): Wire {
  switch (turn.role) {
    case 'system':
    case 'developer':
      return { role: 'user', parts: [{ text: turn.text }] };
    case 'user': {
      const pdf = turn.pdf === undefined ? [] : [{ inlineData: { mimeType: 'application/pdf', data: turn.pdf } }];
      const texts = [turn.text, ...(turn.more ?? [])].map((text) => ({ text }));
      const file =
        turn.pdfUrl === undefined ? [] : [{ fileData: { fileUri: turn.pdfUrl, mimeType: 'application/pdf' } }];
      const sound = turn.audio === undefined ? [] : [{ inlineData: { mimeType: 'audio/mp3', data: turn.audio } }];
      const kept = turn.pdfId === undefined ? [] : [{ fileData: { fileUri: turn.pdfId, mimeType: 'application/pdf' } }];
      const last = turn.after === undefined ? [] : [{ text: turn.after }];
      const media = [...(turn.images ?? []).map(image), ...pdf, ...file, ...kept, ...sound];
      return { role: 'user', parts: [...texts, ...media, ...last] };
    }
    case 'assistant': {
      const text = turn.text === undefined ? [] : [{ text: turn.text }];
      const calls = (turn.calls ?? []).map((call) => ({
        functionCall: { id: call.id, name: call.name, args: call.arguments },
      }));
      return { role: 'model', parts: [...text, ...calls] };
    }
    case 'tool': {
      const response = turn.isError ? { error: turn.text } : { output: turn.text };
      const pdf = turn.pdf === undefined ? [] : [{ inlineData: { mimeType: 'application/pdf', data: turn.pdf } }];
      const media = [...(turn.images ?? []).map(image), ...pdf];
      const parts = media.length === 0 ? {} : { parts: media };
      return { role: 'user', parts: [{ functionResponse: { id: turn.id, name: turn.name, response, ...parts } }] };
    }
  }
}

function contents(turns: readonly Turn[]): Wire[] {
  const out: Wire[] = [];
  for (const turn of turns.map(content)) {
    const last = out.at(-1);
    if (last?.role === turn.role) last.parts.push(...turn.parts);
    else out.push(turn);
  }
  return out;
}

function options(ask: Ask): Wire {
  return {
    ...geminiTools(ask),
    serviceTier: ask.serviceTier,
    generationConfig: {
      maxOutputTokens: ask.maxTokens,
      temperature: ask.temperature,
      topP: ask.topP,
      topK: ask.topK,
      seed: ask.seed,
      presencePenalty: ask.presencePenalty,
      frequencyPenalty: ask.frequencyPenalty,
      candidateCount: ask.count,
      ...(ask.jsonObject ? { responseMimeType: 'application/json' } : {}),
      stopSequences: ask.stop,
      thinkingConfig: reasoningOf.gemini(ask),
      ...(ask.schema === undefined ? {} : { responseMimeType: 'application/json', responseJsonSchema: ask.schema }),
      ...(ask.openApiSchema && { responseMimeType: 'application/json', responseSchema: ask.openApiSchema }),
      ...(ask.logprobs === undefined ? {} : { responseLogprobs: true, logprobs: ask.logprobs }),
    },
    ...ask.wire,
  };
}

/** As the SDKs keep a streamed turn: pieces of one text are one part. */
function joined(parts: readonly Wire[]): Wire[] {
  const out: Wire[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    const both = last?.text !== undefined && part.text !== undefined && last.thought === part.thought;
    if (both && !last.thoughtSignature) out[out.length - 1] = { ...last, ...part, text: last.text + part.text };
    else out.push(part);
  }
  return out;
}

/** Every chunk of a stream has those of its own tokens. */
function logprobsOf(results: readonly Wire[]): Pick<Answer, 'logprobs'> {
  if (results.length === 0) return {};
  const tokens = results.flatMap(({ chosenCandidates }) => chosenCandidates);
  const top = results.flatMap(({ topCandidates }) => topCandidates);
  return {
    logprobs: tokens.map(({ token, logProbability: logprob }: Wire, at: number) => ({
      token,
      logprob,
      top: top[at].candidates.length,
    })),
  };
}

function groundingOf(text: string, metadata: Wire = {}): Pick<Answer, 'queries' | 'found' | 'cited'> {
  const { webSearchQueries: queries = [], groundingChunks: pages = [], groundingSupports: supports = [] } = metadata;
  return {
    queries,
    found: pages.map(({ web }: Wire) => web.uri),
    cited: supports.map(({ segment, groundingChunkIndices: [index] }: Wire) => {
      const said = Buffer.from(text).subarray(segment.startIndex ?? 0, segment.endIndex);
      if (said.toString() !== segment.text) throw new Error(`the segment says "${segment.text}" and means "${said}"`);
      return [pages[index].web.uri, pages[index].web.title, segment.text];
    }),
  };
}

const NO_USAGE: Wire = { promptTokenCount: 0 };

function readChunks(chunks: Wire[]): Answer {
  const firstOf = (chunk: Wire): Wire => (chunk.candidates ?? []).find((candidate: Wire) => !candidate.index);
  const parts: Wire[] = chunks.flatMap((chunk) => firstOf(chunk)?.content?.parts ?? []);
  const calls = parts
    .filter((part) => part.functionCall)
    .map(({ functionCall }) => ({ name: functionCall.name, arguments: functionCall.args }));
  const reason = chunks.map((chunk) => firstOf(chunk)?.finishReason).findLast((found) => found !== undefined);
  // An answer whose provider told no usage has none.
  const usage = chunks.map((chunk) => chunk.usageMetadata).findLast((found) => found !== undefined) ?? NO_USAGE;
  const finish =
    reason === 'STOP'
      ? calls.length > 0
        ? 'tool-calls'
        : 'stop'
      : reason === 'MAX_TOKENS'
        ? 'length'
        : reason === 'SAFETY'
          ? 'content-filter'
          : 'other';
  const others: string[] = [];
  for (const candidate of chunks.flatMap((chunk) => chunk.candidates ?? [])) {
    if (!candidate.index) continue;
    const text = (candidate.content?.parts ?? []).map((part: Wire) => part.text ?? '').join('');
    others[candidate.index - 1] = (others[candidate.index - 1] ?? '') + text;
  }
  const text = parts
    .filter((part) => part.text !== undefined && !part.thought)
    .map((part) => part.text)
    .join('');
  const last = (key: string): Wire => chunks.map((chunk) => firstOf(chunk)?.[key]).findLast((found) => found);
  return {
    refused: reason !== 'STOP' && reason !== 'MAX_TOKENS',
    others,
    text,
    rawFinish: reason,
    turns: [{ role: 'model', parts: joined(parts) }],
    ...logprobsOf(chunks.flatMap((chunk) => firstOf(chunk)?.logprobsResult ?? [])),
    ...groundingOf(text, last('groundingMetadata')),
    code: parts.flatMap(({ executableCode }, at) =>
      executableCode ? [{ code: executableCode.code, output: parts[at + 1]?.codeExecutionResult?.output ?? '' }] : [],
    ),
    generated: parts.flatMap(({ inlineData }) => inlineData?.data ?? []),
    reasoning: parts
      .filter((part) => part.thought)
      .map((part) => part.text)
      .join(''),
    calls,
    finish,
    usage: {
      input: usage.promptTokenCount,
      cached: usage.cachedContentTokenCount ?? 0,
      output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
      reasoning: usage.thoughtsTokenCount ?? 0,
      total: usage.totalTokenCount,
    },
  };
}

export const geminiClient: ClientDriver = {
  dialect: 'gemini',
  build: (ask, model, stream) => {
    const [first, ...rest] = ask.turns;
    const lifted = first?.role === 'system';
    const action = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
    return {
      path: `/v1beta/models/${model}:${action}`,
      body: {
        ...(lifted ? { systemInstruction: { parts: [{ text: first.text }] } } : {}),
        contents: contents(lifted ? rest : ask.turns),
        ...options(ask),
      },
    };
  },
  goOn: ({ path, body }, { turns }, question) => ({
    path,
    body: { ...body, contents: [...body.contents, ...turns, { role: 'user', parts: [{ text: question }] }] },
  }),
  readJson: (body) => readChunks([body]),
  readStream: (text) => {
    const chunks: Wire[] = sseEvents(text).map(({ data }) => JSON.parse(data));
    if (!chunks.some((chunk) => chunk.candidates?.[0]?.finishReason !== undefined))
      throw new Error('a Gemini stream must have a finishReason');
    return readChunks(chunks);
  },
};
