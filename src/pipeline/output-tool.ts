/** Structured output of models that have none: the schema becomes a tool whose arguments are the answer. */
import type { UpstreamCodec } from '../dialects/codec.ts';
import type {
  FunctionTool,
  GenerationRequest,
  JsonObject,
  OutputFormat,
  ToolChoice,
  TranslationWarning,
} from '../ir/index.ts';
import { isJsonObject } from '../ir/json.ts';
import { describedSchema } from '../ir/output-format.ts';
import type { Target } from '../routing/target.ts';
import { OutputToolAnswer } from './output-tool-answer.ts';

/** A request that its target can answer in the form asked for. */
export interface FormedRequest {
  readonly request: GenerationRequest;
  readonly warnings: readonly TranslationWarning[];
  /** Turns the tool's call back into the answer; absent: nothing was replaced. */
  readonly answer?: OutputToolAnswer;
}

type SchemaOutput = Extract<OutputFormat, { type: 'json-schema' }>;

/** True when the target's model knows no structured output, but tools that it can be made to call. */
export function needsOutputTool(target: Target, codec: UpstreamCodec): boolean {
  return codec.outputTools === true && target.info?.capabilities?.structuredOutput === false;
}

/** Replaces a demanded schema by a tool where the model has no other way to obey one. */
export function withOutputTool(request: GenerationRequest, target: Target, codec: UpstreamCodec): FormedRequest {
  const { output, ...rest } = request;
  if (output?.type !== 'json-schema' || !needsOutputTool(target, codec)) return { request, warnings: [] };
  // The answer will be a call of the client's own tool, which the schema does not describe.
  if (choosesOwnTool(request.toolChoice)) return { request: rest, warnings: [] };
  const wrapped = !isPlainObject(output.schema);
  const tool = outputTool(output, freeName(request), wrapped);
  const forced = !thinks(request);
  const messages = forced ? request.messages : instructed(request, tool.name);
  const formed: GenerationRequest = {
    ...rest,
    messages,
    tools: [...request.tools, tool],
    toolChoice: forced ? forcedChoice(request, tool.name) : openChoice(request, tool.name),
    ...(request.tools.length === 0 && { parallelToolCalls: false }),
  };
  const reason = 'the model cannot be made to obey a schema while it thinks; it is asked to';
  return {
    request: formed,
    warnings: forced ? [] : [{ path: 'output', reason }],
    answer: new OutputToolAnswer(tool.name, { wrapped, mayTalk: !forced || request.tools.length > 0 }),
  };
}

function choosesOwnTool(choice: ToolChoice | undefined): boolean {
  return choice?.type === 'tool' || choice?.type === 'required';
}

function thinks({ reasoning }: GenerationRequest): boolean {
  if (reasoning === undefined || reasoning.effort === 'none' || reasoning.budgetTokens === 0) return false;
  return reasoning.effort !== undefined || reasoning.budgetTokens !== undefined || reasoning.adaptive === true;
}

function isPlainObject(schema: JsonObject): boolean {
  const composed = ['anyOf', 'oneOf', 'allOf', '$ref'].some((keyword) => schema[keyword] !== undefined);
  return schema['type'] === 'object' && !composed;
}

/** A tool's arguments are an object: any other answer stands in one as `value`. Definitions stay at the root. */
function outputTool(output: SchemaOutput, name: string, wrapped: boolean): FunctionTool {
  const schema = describedSchema(output);
  const { $defs, definitions, ...value } = schema;
  const parameters: JsonObject = wrapped
    ? {
        type: 'object',
        properties: { value },
        required: ['value'],
        ...(isJsonObject($defs) && { $defs }),
        ...(isJsonObject(definitions) && { definitions }),
      }
    : schema;
  const description = 'Gives the final answer. Call it once, with the whole answer as its arguments.';
  return { type: 'function', name, description, parameters, path: 'output' };
}

const NAME = 'structured_output';

function freeName({ tools }: GenerationRequest): string {
  const names = new Set(tools.map((tool) => ('name' in tool ? tool.name : '')));
  let name = NAME;
  for (let number = 2; names.has(name); number++) name = `${NAME}_${number}`;
  return name;
}

/** Without other tools the call is forced; beside them one of all must be called. */
function forcedChoice({ tools, toolChoice }: GenerationRequest, name: string): ToolChoice {
  if (tools.length === 0 || toolChoice?.type === 'none') return { type: 'tool', name };
  const names = toolChoice?.type === 'auto' ? toolChoice.names : undefined;
  return names === undefined ? { type: 'required' } : { type: 'required', names: [...names, name] };
}

function openChoice({ toolChoice }: GenerationRequest, name: string): ToolChoice {
  if (toolChoice?.type === 'none') return { type: 'auto', names: [name] };
  const names = toolChoice?.type === 'auto' ? toolChoice.names : undefined;
  return names === undefined ? { type: 'auto' } : { type: 'auto', names: [...names, name] };
}

/** The instruction stands behind the client's own, so that the beginning stays the same for prompt caches. */
function instructed({ messages }: GenerationRequest, name: string): GenerationRequest['messages'] {
  const text = `Give the final answer by calling the tool ${name}, never as text.`;
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const at = first < 0 ? messages.length : first;
  return [
    ...messages.slice(0, at),
    { role: 'system', content: [{ type: 'text', text }], path: 'output' },
    ...messages.slice(at),
  ];
}
