import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type BuiltIn, emptyTurn, kindsOf, mergeTurns, type View, type ViewTurn } from '../model.ts';

const textOf = (parts: Wire[]): string =>
  parts
    .filter((part) => part.text !== undefined && !part.thought)
    .map((part) => part.text)
    .join('\n');
const media = (parts: Wire[]): string[] =>
  parts.flatMap((part) => {
    if (part.fileData) return [part.fileData.fileUri + (part.fileData.mimeType === 'application/pdf' ? '#pdf' : '')];
    return part.inlineData ? [`data:${part.inlineData.mimeType};base64,${part.inlineData.data}`] : [];
  });
const PDF = 'data:application/pdf;base64,';
const AUDIO = /^data:audio\/[a-z0-9]+;base64,/;

const isPdf = (url: string): boolean => url.startsWith(PDF) || url.endsWith('#pdf');
const pdfOf = (url: string): string => url.replace(PDF, '').replace(/#pdf$/, '');

function kindOf(part: Wire): string {
  const [url] = media([part]);
  if (url === undefined) return part.text === undefined ? 'other' : 'text';
  if (isPdf(url)) return 'pdf';
  return AUDIO.test(url) ? 'audio' : 'image';
}

function turn(content: Wire): ViewTurn {
  const found = media(content.parts);
  return {
    ...emptyTurn,
    role: content.role === 'model' ? 'assistant' : 'user',
    text: textOf(content.parts),
    kinds: kindsOf(content.parts.map(kindOf)),
    images: found.filter((url) => !isPdf(url) && !AUDIO.test(url)),
    pdfs: found.filter(isPdf).map(pdfOf),
    audios: found.filter((url) => AUDIO.test(url)).map((url) => url.replace(AUDIO, '')),
    calls: content.parts
      .filter((part: Wire) => part.functionCall)
      .map(({ functionCall }: Wire) => ({ name: functionCall.name, arguments: functionCall.args })),
    results: content.parts
      .filter((part: Wire) => part.functionResponse)
      .map(({ functionResponse }: Wire) => ({
        text: Object.values(functionResponse.response).join('\n'),
        isError: functionResponse.response.error !== undefined,
        images: media(functionResponse.parts ?? []).filter((url) => !isPdf(url)),
        pdfs: media(functionResponse.parts ?? [])
          .filter(isPdf)
          .map(pdfOf),
      })),
  };
}

const MODE: Record<string, string> = { AUTO: 'auto', VALIDATED: 'auto', NONE: 'none', ANY: 'required' };

function chosen(calling: Wire): string | undefined {
  if (calling === undefined) return undefined;
  const { mode, allowedFunctionNames: names } = calling;
  if (names === undefined) return MODE[mode];
  return names.length === 1 ? names[0] : `${MODE[mode]}: ${names.join(', ')}`;
}

/** A Gemini request as its upstream understands it. */
export function viewGemini(body: Wire): View {
  const config = body.generationConfig ?? {};
  const calling = body.toolConfig?.functionCallingConfig;
  const thinking = config.thinkingConfig;
  return {
    system: textOf(body.systemInstruction?.parts ?? []),
    turns: mergeTurns(body.contents.map(turn)),
    tools: (body.tools ?? [])
      .flatMap((tool: Wire) => tool.functionDeclarations ?? [])
      .map((tool: Wire) => ({
        name: tool.name,
        description: tool.description,
        properties: Object.keys((tool.parametersJsonSchema ?? tool.parameters).properties ?? {}),
      })),
    builtIns: (body.tools ?? []).flatMap((tool: Wire): BuiltIn[] => [
      ...(tool.googleSearch ? ['web-search' as const] : []),
      ...(tool.codeExecution ? ['code-execution' as const] : []),
    ]),
    toolChoice: chosen(calling),
    ...(config.responseLogprobs ? { logprobs: config.logprobs ?? 0 } : {}),
    serviceTier: body.serviceTier,
    breakpoints: 0,
    raw: JSON.stringify(body),
    schema: config.responseJsonSchema ?? config.responseSchema,
    maxTokens: config.maxOutputTokens,
    temperature: config.temperature,
    topP: config.topP,
    topK: config.topK,
    seed: config.seed,
    presencePenalty: config.presencePenalty,
    frequencyPenalty: config.frequencyPenalty,
    count: config.candidateCount,
    jsonObject: config.responseMimeType === 'application/json',
    stop: config.stopSequences,
    effort: thinking && (thinking.thinkingLevel ?? `budget:${thinking.thinkingBudget}`),
    shown: thinking?.includeThoughts,
  };
}
