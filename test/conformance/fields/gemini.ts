/** Gemini: https://ai.google.dev/api/generate-content (and what Vertex adds) */
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { FieldCase } from './model.ts';

const user = { role: 'user', parts: [{ text: 'hi' }] };
const declaration = { name: 'f', parameters: { type: 'OBJECT', properties: {} } };
const withTool = { contents: [user], tools: [{ functionDeclarations: [declaration] }] };
const media = {
  contents: [{ role: 'user', parts: [{ text: 'hi' }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }] }],
};
const video = {
  contents: [
    {
      role: 'user',
      parts: [{ text: 'hi' }, { fileData: { mimeType: 'video/mp4', fileUri: 'https://example.com/a.mp4' } }],
    },
  ],
};
const history = {
  contents: [
    user,
    { role: 'model', parts: [{ text: 'a' }, { functionCall: { id: 'c1', name: 'f', args: {} } }] },
    { role: 'user', parts: [{ functionResponse: { id: 'c1', name: 'f', response: { output: 'r' } } }] },
  ],
  tools: [{ functionDeclarations: [declaration] }],
};
const config = (key: string, value: unknown, base?: unknown): FieldCase => ({
  path: `generationConfig.${key}`,
  value,
  ...(base === undefined ? {} : { base }),
});
const part = (value: unknown): FieldCase => ({ path: 'contents[0].parts[1]', value });
const said = (value: unknown): FieldCase => ({ path: 'contents[1].parts[2]', value, base: history });
const offered = (value: unknown): FieldCase => ({ path: 'tools[1]', value, base: withTool });
const json = { contents: [user], generationConfig: { responseMimeType: 'application/json' } };

export const geminiBase: Wire = { contents: [user] };

export const geminiFields: readonly FieldCase[] = [
  { path: 'systemInstruction', value: { parts: [{ text: 'be brief' }] } },
  { path: 'safetySettings', value: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }] },
  { path: 'cachedContent', value: 'cachedContents/1' },
  { path: 'labels', value: { a: 'b' } },
  { path: 'store', value: true },
  { path: 'serviceTier', value: 'flex' },
  config('modelSelectionConfig', { featureSelectionPreference: 'BALANCED' }),
  config('audioTranscriptionConfig', { languageCodes: ['en'] }),
  config('enableAffectiveDialog', true),
  config('responseFormat', [{ type: 'text' }]),
  config('translationConfig', { targetLanguageCode: 'de' }),
  config('stopSequences', ['END']),
  config('responseMimeType', 'application/json'),
  config('responseMimeType', 'text/x.enum'),
  config('responseSchema', { type: 'OBJECT', properties: { a: { type: 'STRING' } } }, json),
  config('responseJsonSchema', { type: 'object', properties: { a: { type: 'string' } } }, json),
  config('responseModalities', ['TEXT', 'IMAGE']),
  config('candidateCount', 2),
  config('maxOutputTokens', 77),
  config('temperature', 0.3),
  config('temperature', 1.7),
  config('topP', 0.3),
  config('topK', 5),
  config('seed', 7),
  config('presencePenalty', 0.5),
  config('frequencyPenalty', 0.5),
  config('responseLogprobs', true),
  config('logprobs', 3, { contents: [user], generationConfig: { responseLogprobs: true } }),
  config('enableEnhancedCivicAnswers', true),
  config('speechConfig', { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } }),
  config('thinkingConfig', { thinkingBudget: 2000 }),
  config('thinkingConfig', { thinkingLevel: 'low' }),
  config('thinkingConfig.includeThoughts', true, {
    contents: [user],
    generationConfig: { thinkingConfig: { thinkingBudget: 2000 } },
  }),
  config('imageConfig', { aspectRatio: '16:9' }),
  config('mediaResolution', 'MEDIA_RESOLUTION_LOW'),
  config('audioTimestamp', true),
  config('routingConfig', { autoMode: {} }),
  { path: 'toolConfig.functionCallingConfig', value: { mode: 'ANY' }, base: withTool, alsoNamed: ['tool_choice'] },
  { path: 'toolConfig.functionCallingConfig', value: { mode: 'NONE' }, base: withTool, alsoNamed: ['tool_choice'] },
  { path: 'toolConfig.functionCallingConfig', value: { mode: 'VALIDATED' }, base: withTool },
  {
    path: 'toolConfig.functionCallingConfig.allowedFunctionNames',
    value: ['f'],
    base: {
      contents: [user],
      tools: [{ functionDeclarations: [declaration, { name: 'g' }] }],
      toolConfig: { functionCallingConfig: { mode: 'ANY' } },
    },
    alsoNamed: ['tool_choice'],
  },
  { path: 'toolConfig.retrievalConfig', value: { latLng: { latitude: 1, longitude: 2 } } },
  { path: 'tools', value: [{ functionDeclarations: [declaration] }] },
  { path: 'tools[0].functionDeclarations[0].description', value: 'does f', base: withTool },
  { path: 'tools[0].functionDeclarations[0].behavior', value: 'NON_BLOCKING', base: withTool },
  { path: 'tools[0].functionDeclarations[0].response', value: { type: 'STRING' }, base: withTool },
  { path: 'tools[0].functionDeclarations[0].responseJsonSchema', value: { type: 'string' }, base: withTool },
  offered({ googleSearch: {} }),
  {
    path: 'tools[0].googleSearch.excludeDomains',
    value: ['example.com'],
    base: { contents: [user], tools: [{ googleSearch: {} }] },
  },
  {
    path: 'tools[0].googleSearch.timeRangeFilter',
    value: { startTime: 'a', endTime: 'b' },
    base: { contents: [user], tools: [{ googleSearch: {} }] },
  },
  offered({ googleSearchRetrieval: {} }),
  offered({ urlContext: {} }),
  offered({ codeExecution: {} }),
  offered({ computerUse: { environment: 'ENVIRONMENT_BROWSER' } }),
  offered({ fileSearch: { fileSearchStoreNames: ['s'] } }),
  offered({ googleMaps: {} }),
  offered({ mcpServers: [{ name: 'n' }] }),
  part({ text: 'second' }),
  part({ inlineData: { mimeType: 'image/png', data: 'AAAA' } }),
  part({ inlineData: { mimeType: 'application/pdf', data: 'AAAA' } }),
  part({ inlineData: { mimeType: 'audio/mp3', data: 'AAAA' } }),
  part({ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } }),
  part({ inlineData: { mimeType: 'text/plain', data: 'aGVsbG8=' } }),
  part({ fileData: { mimeType: 'image/png', fileUri: 'https://example.com/a.png' } }),
  part({ fileData: { mimeType: 'application/pdf', fileUri: 'https://example.com/a.pdf' } }),
  part({ fileData: { mimeType: 'image/png', fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' } }),
  part({ fileData: { mimeType: 'video/mp4', fileUri: 'https://www.youtube.com/watch?v=x' } }),
  { path: 'contents[0].parts[1].inlineData.displayName', value: 'pic', base: media },
  { path: 'contents[0].parts[1].mediaResolution', value: { level: 'MEDIA_RESOLUTION_LOW' }, base: media },
  { path: 'contents[0].parts[1].videoMetadata', value: { fps: 2 }, base: video },
  { path: 'contents[0].parts[0].partMetadata', value: { a: 1 } },
  part({ novel: 1 }),
  said({ text: 'thought', thought: true }),
  said({ text: 'thought', thought: true, thoughtSignature: 'c2ln' }),
  said({ executableCode: { language: 'PYTHON', code: '1' } }),
  said({ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }),
  said({ functionCall: { id: 'c2', name: 'g', args: { a: 1 } } }),
  { path: 'contents[1].parts[1].thoughtSignature', value: 'c2ln', base: history },
  { path: 'contents[2].parts[0].functionResponse.response', value: { error: 'bad' }, base: history },
  { path: 'contents[2].parts[0].functionResponse.response', value: { any: ['thing', 1] }, base: history },
  {
    path: 'contents[2].parts[0].functionResponse.parts',
    value: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
    base: history,
  },
  { path: 'contents[2].parts[0].functionResponse.willContinue', value: true, base: history },
  { path: 'contents[2].parts[0].functionResponse.scheduling', value: 'SILENT', base: history },
  { path: 'contents[2].parts[1]', value: { text: 'and so?' }, base: history },
];
