import type { Wire } from '../../support/scripted-upstream/index.ts';
import { type BuiltIn, emptyTurn, kindsOf, mergeTurns, type View, type ViewTurn } from '../model.ts';

const blocksOf = (content: Wire): Wire[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
const textOf = (content: Wire): string =>
  blocksOf(content)
    .filter((block) => block.type === 'text')
    .map((block) => block.text)
    .join('\n');
const imagesOf = (content: Wire): string[] =>
  blocksOf(content).flatMap(({ type, source }) => {
    if (type !== 'image') return [];
    if (source.type === 'file') return [source.file_id];
    return [source.type === 'url' ? source.url : `data:${source.media_type};base64,${source.data}`];
  });

const pdfsOf = (content: Wire): string[] =>
  blocksOf(content)
    .filter((block) => block.type === 'document')
    .map(({ source }) => source.data ?? source.url ?? source.file_id);

function turn(message: Wire): ViewTurn {
  const blocks = blocksOf(message.content);
  return {
    ...emptyTurn,
    role: message.role,
    text: textOf(message.content),
    images: imagesOf(message.content),
    kinds: kindsOf(blocks.map(({ type }) => (type === 'document' ? 'pdf' : type))),
    pdfs: pdfsOf(message.content),
    calls: blocks
      .filter((block) => block.type === 'tool_use')
      .map((block) => ({ name: block.name, arguments: block.input })),
    results: blocks
      .filter((block) => block.type === 'tool_result')
      .map((block) => ({
        text: textOf(block.content),
        isError: block.is_error === true,
        images: imagesOf(block.content),
        pdfs: pdfsOf(block.content),
      })),
  };
}

const CHOICE: Record<string, string> = { any: 'required', auto: 'auto', none: 'none' };

const BUILT_IN: Record<string, BuiltIn> = { web_search: 'web-search', code_execution: 'code-execution' };

const chosen = (choice: Wire): string | undefined =>
  choice && (CHOICE[choice.type] ?? BUILT_IN[choice.name] ?? choice.name);

/** A Claude Messages request as its upstream understands it. */
export function viewMessages(body: Wire): View {
  const thinking = body.thinking;
  return {
    system: textOf(body.system),
    turns: mergeTurns(body.messages.map(turn)),
    tools: (body.tools ?? [])
      .filter((tool: Wire) => tool.input_schema)
      .map((tool: Wire) => ({
        name: tool.name,
        description: tool.description,
        properties: Object.keys(tool.input_schema.properties ?? {}),
      })),
    builtIns: (body.tools ?? []).flatMap(({ type, name }: Wire) => (type ? (BUILT_IN[name] ?? []) : [])),
    toolChoice: chosen(body.tool_choice),
    serviceTier: body.service_tier,
    breakpoints: (JSON.stringify(body).match(/"cache_control"/g) ?? []).length,
    raw: JSON.stringify(body),
    ...(body.tool_choice?.disable_parallel_tool_use === true ? { parallel: false } : {}),
    schema: body.output_config?.format?.schema,
    maxTokens: body.max_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    stop: body.stop_sequences,
    effort: body.output_config?.effort ?? thinkingOf(thinking),
    shown: thinking && thinking.type !== 'disabled' && thinking.display !== 'omitted',
    user: body.metadata?.user_id,
  };
}

function thinkingOf(thinking: Wire): string | undefined {
  if (thinking?.type === 'enabled') return `budget:${thinking.budget_tokens}`;
  return thinking?.type === 'disabled' ? 'none' : undefined;
}
