/** What a Gemini path may ask of a model. */
export type GeminiAction = 'generateContent' | 'streamGenerateContent' | 'countTokens';

/** A Gemini call as its path states it. */
export interface GeminiCall {
  readonly model: string;
  readonly action: GeminiAction;
}

const actionPath = /^\/(?:v1beta|v1|v1alpha)\/(.+):([A-Za-z]+)$/;

/** Reads `/v1beta/models/{model}:{action}`; the model may hold slashes, colons and percent-escapes. */
export function matchGemini(path: string): GeminiCall | undefined {
  const colon = path.lastIndexOf(':');
  if (colon < 0) return undefined;
  const [, resource, action] = actionPath.exec(path) ?? [];
  if (resource === undefined || !isAction(action)) return undefined;
  const model = modelOf(resource);
  return model === undefined ? undefined : { model, action };
}

function isAction(name: string | undefined): name is GeminiAction {
  return name === 'generateContent' || name === 'streamGenerateContent' || name === 'countTokens';
}

/** A tuned model keeps its collection, as that is part of its name; `models/` is not, even when it is there twice. */
function modelOf(resource: string): string | undefined {
  const name = decodePath(resource);
  if (name.startsWith('tunedModels/')) return name;
  if (!name.startsWith('models/')) return undefined;
  const model = name.replace(/^(?:models\/)+/, '');
  return model === '' ? undefined : model;
}

/** Percent-decodes a part of a path; what cannot be decoded stays as it is. */
export function decodePath(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
