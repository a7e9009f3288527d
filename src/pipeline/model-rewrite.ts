import { findMember, scanObject, spliceMembers } from '../json-splice.ts';

/** Keys under which the dialects repeat the model's name in an answer. */
const KEYS = ['model', 'modelVersion'];
// Inside a JSON string the quotes would be escaped, so this only matches real members.
const MEMBER = /"(model|modelVersion)"(\s*:\s*)"(?:[^"\\]|\\.)*"/;

/** Whole SSE events with the model's name replaced where each event first states one. */
export function rewriteEventModels(events: Buffer, model: string): Buffer {
  const text = events.toString('utf8');
  const name = JSON.stringify(model);
  const lines = text.split('\n').map((line) => {
    if (!line.startsWith('data:')) return line;
    return line.replace(MEMBER, (_, key: string, colon: string) => `"${key}"${colon}${name}`);
  });
  return Buffer.from(lines.join('\n'));
}

/** A whole JSON answer with the model's name replaced; as it was when it is no object or names no model. */
export function rewriteBodyModel(body: Buffer, model: string): Buffer {
  const object = scanObject(body);
  const key = object === undefined ? undefined : KEYS.find((name) => findMember(object, name) !== undefined);
  if (object === undefined || key === undefined) return body;
  return spliceMembers(object, { set: { [key]: JSON.stringify(model) } });
}
