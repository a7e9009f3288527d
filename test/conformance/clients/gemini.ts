import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type Answer, type Ask, type ClientDriver, type Picture, sseEvents, type Turn } from '../model.ts';
import { reasoningOf } from './reasoning.ts';

const image = (picture: Picture): Wire =>
  'url' in picture
    ? { fileData: { fileUri: picture.url, mimeType: 'image/png' } }
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
      return { role: 'user', parts: [...texts, ...(turn.images ?? []).map(image), ...pdf, ...file, ...sound] };
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
      const parts = turn.image === undefined ? {} : { parts: [image(turn.image)] };
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

const MODE = { auto: 'AUTO', none: 'NONE', required: 'ANY' };

function options(ask: Ask): Wire {
  const choice = ask.toolChoice;
  const calling =
    typeof choice === 'object'
      ? { mode: 'ANY', allowedFunctionNames: [choice.name] }
      : choice && { mode: MODE[choice] };
  const declarations = ask.tools?.map((tool) => ({
    name: tool.name,
    description: tool.description,
    parametersJsonSchema: tool.schema,
  }));
  return {
    tools: declarations && [{ functionDeclarations: declarations }],
    toolConfig: calling && { functionCallingConfig: calling },
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
    },
  };
}

function readChunks(chunks: Wire[]): Answer {
  const firstOf = (chunk: Wire): Wire => (chunk.candidates ?? []).find((candidate: Wire) => !candidate.index);
  const parts: Wire[] = chunks.flatMap((chunk) => firstOf(chunk)?.content?.parts ?? []);
  const calls = parts
    .filter((part) => part.functionCall)
    .map(({ functionCall }) => ({ name: functionCall.name, arguments: functionCall.args }));
  const reason = chunks.map((chunk) => firstOf(chunk)?.finishReason).findLast((found) => found !== undefined);
  const usage = chunks.map((chunk) => chunk.usageMetadata).findLast((found) => found !== undefined);
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
  return {
    refused: reason !== 'STOP' && reason !== 'MAX_TOKENS',
    others,
    text: parts
      .filter((part) => part.text !== undefined && !part.thought)
      .map((part) => part.text)
      .join(''),
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
  readJson: (body) => readChunks([body]),
  readStream: (text) => {
    const chunks: Wire[] = sseEvents(text).map(({ data }) => JSON.parse(data));
    if (!chunks.some((chunk) => chunk.candidates?.[0]?.finishReason !== undefined))
      throw new Error('a Gemini stream must have a finishReason');
    return readChunks(chunks);
  },
};
