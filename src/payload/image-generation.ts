import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import { isJsonArray } from '../ir/read.ts';
import { Draft } from './draft.ts';

const TOOL = 'image_generation';

/** The body without image generation tools and without a tool choice that names one; the same object when it has none. */
export function withoutImageGeneration(body: JsonObject): JsonObject {
  const draft = new Draft(body);
  const { tools } = body;
  const kept = isJsonArray(tools) ? tools.filter((tool) => !isTool(tool)) : [];
  const emptied = isJsonArray(tools) && tools.length > 0 && kept.length === 0;
  if (emptied) draft.removeAll([['tools']]);
  else if (isJsonArray(tools) && kept.length < tools.length) draft.set(['tools'], kept);
  // A choice without tools is an error.
  if (body['tool_choice'] !== undefined && (emptied || isChoice(body['tool_choice'])))
    draft.removeAll([['tool_choice']]);
  return draft.root;
}

function isTool(tool: JsonValue): boolean {
  return isJsonObject(tool) && tool['type'] === TOOL;
}

function isChoice(choice: JsonValue): boolean {
  if (choice === TOOL) return true;
  if (!isJsonObject(choice)) return false;
  return choice['type'] === TOOL || (choice['type'] === 'tool' && choice['name'] === TOOL);
}
