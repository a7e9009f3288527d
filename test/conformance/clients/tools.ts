/** How each client dialect offers tools and says which of them may be called. */
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Ask, BuiltIn } from '../model.ts';

type Tools = { readonly tools?: Wire; readonly tool_choice?: Wire };

const none = (list: readonly unknown[]): boolean => list.length === 0;
const isCustom = (ask: Ask, name: string): boolean => (ask.customTools ?? []).some((tool) => tool.name === name);

export function chatTools(ask: Ask): Wire {
  const mark = ask.breakpoints ? { cache_control: { type: 'ephemeral' } } : {};
  const functions = (ask.tools ?? []).map((tool) => ({
    type: 'function',
    function: { name: tool.name, description: tool.description, parameters: tool.schema },
    ...mark,
  }));
  const customs = (ask.customTools ?? []).map(({ name, description, grammar }) => ({
    type: 'custom',
    custom: {
      name,
      description,
      format: grammar && { type: 'grammar', grammar: { syntax: 'lark', definition: grammar } },
    },
  }));
  const tools = [...functions, ...customs];
  return {
    tools: none(tools) ? undefined : tools,
    tool_choice: chatChoice(ask),
    web_search_options: ask.builtIns?.includes('web-search') ? {} : undefined,
  };
}

function chatChoice(ask: Ask): Wire {
  const choice = ask.toolChoice;
  if (typeof choice !== 'object') return choice;
  const reference = (name: string): Wire =>
    isCustom(ask, name) ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
  if ('name' in choice) return reference(choice.name);
  if ('custom' in choice) return reference(choice.custom);
  if ('builtIn' in choice) throw new Error('Chat Completions cannot choose a built-in tool');
  return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: choice.names.map(reference) } };
}

const RESPONSES: Readonly<Record<BuiltIn, Wire>> = {
  'web-search': { type: 'web_search' },
  'code-execution': { type: 'code_interpreter', container: { type: 'auto' } },
  'image-generation': { type: 'image_generation' },
};

export function responsesTools(ask: Ask): Tools {
  const functions = (ask.tools ?? []).map((tool) => ({
    type: 'function',
    name: tool.name,
    description: tool.description,
    parameters: tool.schema,
    strict: false,
  }));
  const customs = (ask.customTools ?? []).map(({ name, description, grammar }) => ({
    type: 'custom',
    name,
    description,
    format: grammar && { type: 'grammar', syntax: 'lark', definition: grammar },
  }));
  const tools = [...functions, ...customs, ...(ask.builtIns ?? []).map((name) => RESPONSES[name])];
  return { tools: none(tools) ? undefined : tools, tool_choice: responsesChoice(ask) };
}

function responsesChoice(ask: Ask): Wire {
  const choice = ask.toolChoice;
  if (typeof choice !== 'object') return choice;
  const reference = (name: string): Wire => ({ type: isCustom(ask, name) ? 'custom' : 'function', name });
  if ('name' in choice) return reference(choice.name);
  if ('custom' in choice) return reference(choice.custom);
  if ('builtIn' in choice) return { type: RESPONSES[choice.builtIn].type };
  return { type: 'allowed_tools', mode: choice.mode, tools: choice.names.map(reference) };
}

const MESSAGES: Readonly<Record<BuiltIn, Wire>> = {
  'web-search': { type: 'web_search_20250305', name: 'web_search' },
  'code-execution': { type: 'code_execution_20250825', name: 'code_execution' },
  'image-generation': undefined,
};

export function messagesTools(ask: Ask): Tools {
  const functions = (ask.tools ?? []).map(({ name, description, schema }) => ({
    name,
    description,
    input_schema: schema,
  }));
  const mark = ask.breakpoints ? { cache_control: { type: 'ephemeral' } } : {};
  const tools = [...functions, ...(ask.builtIns ?? []).map((name) => MESSAGES[name])].map((tool, index, all) =>
    index === all.length - 1 ? { ...tool, ...mark } : tool,
  );
  return { tools: none(tools) ? undefined : tools, tool_choice: messagesChoice(ask) };
}

function messagesChoice({ toolChoice: choice, parallel }: Ask): Wire {
  const single = parallel === false ? { disable_parallel_tool_use: true } : {};
  if (choice === undefined) return parallel === false ? { type: 'auto', ...single } : undefined;
  if (typeof choice !== 'object') return { type: choice === 'required' ? 'any' : choice, ...single };
  if ('name' in choice) return { type: 'tool', name: choice.name, ...single };
  if ('builtIn' in choice) return { type: 'tool', name: MESSAGES[choice.builtIn].name, ...single };
  throw new Error('Claude cannot say that');
}

const MODE = { auto: 'AUTO', none: 'NONE', required: 'ANY' };
const GEMINI: Readonly<Record<BuiltIn, Wire>> = {
  'web-search': { googleSearch: {} },
  'code-execution': { codeExecution: {} },
  'image-generation': undefined,
};

export function geminiTools(ask: Ask): { readonly tools?: Wire; readonly toolConfig?: Wire } {
  const functionDeclarations = (ask.tools ?? []).map((tool) => ({
    name: tool.name,
    description: tool.description,
    parametersJsonSchema: tool.schema,
  }));
  const functions = none(functionDeclarations) ? [] : [{ functionDeclarations }];
  const tools = [...functions, ...(ask.builtIns ?? []).map((name) => GEMINI[name])];
  const calling = geminiChoice(ask.toolChoice);
  return {
    tools: none(tools) ? undefined : tools,
    toolConfig: calling && { functionCallingConfig: calling },
  };
}

function geminiChoice(choice: Ask['toolChoice']): Wire {
  if (choice === undefined) return undefined;
  if (typeof choice !== 'object') return { mode: MODE[choice] };
  if ('name' in choice) return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  if ('names' in choice) return { mode: MODE[choice.mode], allowedFunctionNames: choice.names };
  throw new Error('Gemini cannot say that');
}
