import { defaultUsage, pieces, type ScriptedAnswer, type SeenRequest, type Wire } from './script.ts';

type Read = Pick<SeenRequest, 'userText' | 'tools' | 'toolResult'>;

const textOf = (content: Wire): string =>
  (content?.parts ?? [])
    .filter((part: Wire) => !part.thought)
    .map((part: Wire) => part.text ?? '')
    .join('\n');

/** Gemini: what the upstream understands of a request (model and stream are in the URL). */
export function readGemini(body: Wire): Read {
  const contents: Wire[] = body.contents ?? [];
  const lastModel = contents.findLastIndex((content) => content.role === 'model');
  const responses = contents
    .slice(lastModel + 1)
    .flatMap((content) => content.parts.filter((part: Wire) => part.functionResponse));
  const prompt = contents.filter((content) => content.role === 'user' && textOf(content).trim() !== '').at(-1);
  const declared = (body.tools ?? []).flatMap((tool: Wire) => tool.functionDeclarations ?? []);
  return {
    userText: textOf(prompt),
    tools: declared.map((tool: Wire) => ({ name: tool.name, schema: tool.parametersJsonSchema ?? tool.parameters })),
    toolResult:
      responses.length === 0
        ? undefined
        : responses.map((part: Wire) => JSON.stringify(part.functionResponse.response)).join('\n'),
  };
}

function usageOf(answer: ScriptedAnswer): Wire {
  const usage = answer.usage ?? defaultUsage;
  return {
    promptTokenCount: usage.input,
    cachedContentTokenCount: usage.cached,
    candidatesTokenCount: usage.output - usage.reasoning,
    thoughtsTokenCount: usage.reasoning,
    totalTokenCount: usage.input + usage.output,
  };
}

function callParts(answer: ScriptedAnswer): Wire[] {
  return (answer.toolCalls ?? []).map((call, index) => ({
    functionCall: { id: call.id ?? `gem${index}`, name: call.name, args: call.arguments },
    ...(index === 0 ? { thoughtSignature: answer.signature ?? 'c2NyaXB0ZWQ=' } : {}),
  }));
}

export function geminiJson(answer: ScriptedAnswer, model: string): Wire {
  const parts: Wire[] = [];
  if (answer.reasoning !== undefined) parts.push({ text: answer.reasoning, thought: true });
  parts.push(...ranParts(answer));
  const hidden = answer.redacted === undefined ? {} : { thoughtSignature: answer.redacted };
  if (answer.text !== undefined) parts.push({ text: answer.text, ...hidden });
  if (answer.refusal !== undefined) parts.push({ text: answer.refusal });
  parts.push(...callParts(answer));
  const others = (answer.others ?? []).map((text, index) => ({
    content: { role: 'model', parts: [{ text }] },
    finishReason: 'STOP',
    index: index + 1,
  }));
  return {
    candidates: [
      { content: { role: 'model', parts }, finishReason: finishOf(answer), index: 0, ...metadataOf(answer) },
      ...others,
    ],
    usageMetadata: usageOf(answer),
    modelVersion: model,
    responseId: 'gem-scripted',
  };
}

/** What Google ran before the text, and the image it drew. */
function ranParts({ code, image }: ScriptedAnswer): Wire[] {
  const ran =
    code === undefined
      ? []
      : [
          { executableCode: { language: 'PYTHON', code: code.code } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: code.output } },
        ];
  return image === undefined ? ran : [...ran, { inlineData: { mimeType: 'image/png', data: image } }];
}

const chosen = ({ token, logprob }: { token: string; logprob: number }): Wire => ({
  token,
  logProbability: logprob,
});

/** The candidate's fields beside its content. */
function metadataOf({ search, logprobs }: ScriptedAnswer): Wire {
  const tokens = logprobs && {
    chosenCandidates: logprobs.map(chosen),
    topCandidates: logprobs.map(({ top }) => ({ candidates: top.map(chosen) })),
  };
  const grounding = search && {
    webSearchQueries: [search.query],
    groundingChunks: [{ web: { uri: search.url, title: search.title } }],
    groundingSupports: [
      {
        segment: { endIndex: Buffer.byteLength(search.supports), text: search.supports },
        groundingChunkIndices: [0],
      },
    ],
  };
  return { ...(tokens && { logprobsResult: tokens }), ...(grounding && { groundingMetadata: grounding }) };
}

function finishOf(answer: ScriptedAnswer): string {
  if (answer.rawFinish !== undefined) return answer.rawFinish;
  if (answer.finish === 'length') return 'MAX_TOKENS';
  return answer.finish === 'content-filter' || answer.refusal !== undefined ? 'SAFETY' : 'STOP';
}

/** The chunks of a stream, without framing. */
export function geminiChunks(answer: ScriptedAnswer, model: string): Wire[] {
  // As Gemini does: the signature of a thought that is not shown comes with an empty text at the end.
  const last = { text: '', ...(answer.redacted === undefined ? {} : { thoughtSignature: answer.redacted }) };
  const chunk = (parts: Wire[], finish?: string, index = 0): Wire => ({
    candidates: [{ content: { role: 'model', parts }, index, ...(finish ? { finishReason: finish } : {}) }],
    usageMetadata: usageOf(answer),
    modelVersion: model,
    responseId: 'gem-scripted',
  });
  return [
    ...pieces(answer.reasoning ?? '', answer.slow).map((text) => chunk([{ text, thought: true }])),
    ...ranParts(answer).map((part) => chunk([part])),
    ...(answer.logprobs ?? []).map((token) => withMetadata(chunk([{ text: token.token }]), { logprobs: [token] })),
    ...(answer.logprobs === undefined ? pieces(answer.text ?? '', answer.slow) : []).map((text) => chunk([{ text }])),
    ...pieces(answer.refusal ?? '').map((text) => chunk([{ text }])),
    ...callParts(answer).map((part) => chunk([part])),
    ...(answer.others ?? []).map((text, index) => chunk([{ text }], 'STOP', index + 1)),
    withMetadata(chunk([last], finishOf(answer)), answer.search && { search: answer.search }),
  ];
}

function withMetadata(chunk: Wire, answer: ScriptedAnswer = {}): Wire {
  const [candidate] = chunk.candidates;
  return { ...chunk, candidates: [{ ...candidate, ...metadataOf(answer) }] };
}

export function geminiStream(answer: ScriptedAnswer, model: string, sse: boolean): string[] {
  const chunks = geminiChunks(answer, model).map((value) => JSON.stringify(value));
  if (sse) return chunks.map((text) => `data: ${text}\r\n\r\n`);
  return chunks.map((text, index) => `${index === 0 ? '[' : ',\r\n'}${text}${index === chunks.length - 1 ? ']' : ''}`);
}
