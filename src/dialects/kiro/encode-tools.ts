import { functionOfCustomTool } from '../../ir/custom-tool.ts';
import type { CustomTool, FunctionTool, GenerationRequest, JsonObject, Message, Tool, Warn } from '../../ir/index.ts';
import { plainNameRule, replacedToolNames, type ToolNameRule } from '../../ir/tool-name-map.ts';
import { compileWarned } from '../../json-schema/compile-warned.ts';
import { DIALECT } from './wire.ts';

const rule: ToolNameRule = plainNameRule(64);

/** More is refused. */
const MAX_DESCRIPTION_BYTES = 10_240;
const CUT = '...';

/** Names that the service does not accept, by the name sent in their place: wire name -> the client's. */
export function kiroToolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  return replacedToolNames(request, rule);
}

/** Tools with the names of the wire -> `tools` of the current message; the first of each name. */
export function encodeTools(tools: readonly Tool[], warn: Warn): JsonObject[] {
  const specifications = new Map<string, JsonObject>();
  for (const tool of tools) {
    switch (tool.type) {
      case 'function':
      case 'custom':
        if (specifications.has(tool.name)) warn(tool.path, 'a tool of this name is there already; the first is kept');
        else specifications.set(tool.name, encodeTool(tool, warn));
        break;
      case 'built-in':
        warn(tool.path, 'Kiro runs no tools of its own');
        break;
      case 'opaque':
        warn(tool.path, `only ${tool.dialect} knows this tool`);
        break;
    }
  }
  return [...specifications.values()].map((toolSpecification) => ({ toolSpecification }));
}

/** Tools that were called earlier and are not offered now: the service refuses a conversation with others than it knows. */
export function encodeFormerTools(tools: readonly Tool[], messages: readonly Message[]): JsonObject[] {
  const offered = new Set(tools.map((tool) => ('name' in tool ? tool.name : undefined)));
  const called = messages
    .filter(({ role }) => role === 'assistant')
    .flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-call' ? part.name : [])));
  return [...new Set(called)]
    .filter((name) => !offered.has(name))
    .map((name) => ({
      toolSpecification: {
        name,
        description: 'Not available any more: do not call it.',
        inputSchema: { json: { type: 'object', properties: {} } },
      },
    }));
}

function encodeTool(tool: FunctionTool | CustomTool, warn: Warn): JsonObject {
  const own = tool.extensions?.[DIALECT];
  const described = tool.type === 'custom' ? functionOfCustomTool(tool) : tool;
  const parameters = described.parameters ?? { type: 'object', properties: {} };
  if (tool.type === 'function' && tool.strict === true)
    warn(`${tool.path}.strict`, 'Kiro does not bind arguments to the schema');
  const place = { path: `${tool.path}.parameters`, warn, enforced: false };
  return {
    name: tool.name,
    description: encodeDescription(described.description, tool, warn),
    inputSchema: { json: compileWarned(parameters, 'anthropic', place) },
    ...own,
  };
}

function encodeDescription(text: string | undefined, { name, path }: FunctionTool | CustomTool, warn: Warn): string {
  // None at all is refused.
  if (text === undefined || text.trim() === '') return `Tool ${name}.`;
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_DESCRIPTION_BYTES) return text;
  warn(`${path}.description`, `Kiro takes ${MAX_DESCRIPTION_BYTES} bytes of a description; the rest is cut off`);
  let end = MAX_DESCRIPTION_BYTES - CUT.length;
  // Not amid a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + CUT;
}
