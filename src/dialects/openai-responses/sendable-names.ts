/** Tool names of other dialects that the Responses API refuses: over 64 characters, or with dots and colons. */
import type { GenerationRequest, Message, Tool, ToolChoice } from '../../ir/index.ts';
import { isOwnRequest } from './request-settings.ts';
import { hashedId } from './wire.ts';

const VALID = /^[a-zA-Z0-9_-]{1,64}$/;

// The hash is of the client's name, so that two names stay two and the answer can be translated back without state.
function sendableName(name: string): string {
  if (VALID.test(name)) return name;
  const hashed = hashedId(name);
  return hashed.replace(/[^a-zA-Z0-9_-]/g, '_');
}

/** Wire name -> the client's, for the tools whose name must change. */
export function toolNames(request: GenerationRequest): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  if (isOwnRequest(request)) return names;
  for (const tool of request.tools) {
    if ((tool.type === 'function' || tool.type === 'custom') && !VALID.test(tool.name)) {
      names.set(sendableName(tool.name), tool.name);
    }
  }
  return names;
}

/** The request with names that can be sent; another client's request only, as this dialect's own names are valid. */
export function withSendableNames(request: GenerationRequest): GenerationRequest {
  if (isOwnRequest(request)) return request;
  return {
    ...request,
    tools: request.tools.map(renameTool),
    messages: request.messages.map(renameCalls),
    ...(request.toolChoice === undefined ? {} : { toolChoice: renameChoice(request.toolChoice) }),
  };
}

function renameTool(tool: Tool): Tool {
  return tool.type === 'function' || tool.type === 'custom' ? { ...tool, name: sendableName(tool.name) } : tool;
}

function renameCalls(message: Message): Message {
  if (!message.content.some((part) => part.type === 'tool-call' && !VALID.test(part.name))) return message;
  const content = message.content.map((part) =>
    part.type === 'tool-call' ? { ...part, name: sendableName(part.name) } : part,
  );
  return { ...message, content };
}

function renameChoice(choice: ToolChoice): ToolChoice {
  switch (choice.type) {
    case 'tool':
      return { ...choice, name: sendableName(choice.name) };
    case 'auto':
    case 'none':
    case 'required':
      return choice.names === undefined ? choice : { ...choice, names: choice.names.map(sendableName) };
    case 'opaque':
      return choice;
  }
}
