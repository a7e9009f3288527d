import type { Part, SearchResult, ServerToolPart } from './part.ts';

/**
 * What a provider's tool did, as a text of the conversation: for dialects that have no such tool, or that accept its
 * results only from themselves. Undefined when nothing of it can be said in words.
 */
export function serverToolText(part: ServerToolPart): string | undefined {
  const lines = [...callLines(part), ...resultLines(part)];
  return lines.length === 0 ? undefined : lines.join('\n');
}

function callLines({ queries = [], urls = [], code, language = '', prompt }: ServerToolPart): string[] {
  return [
    ...(queries.length === 0 ? [] : [`[Web search: ${queries.map((query) => JSON.stringify(query)).join(', ')}]`]),
    ...urls.map((url) => `[Page read: ${url}]`),
    ...(code === undefined ? [] : [`[Code run:]\n\`\`\`${language}\n${code}\n\`\`\``]),
    ...(prompt === undefined ? [] : [`[Image generated: ${prompt}]`]),
  ];
}

function resultLines({ tool, phase, results = [], output, isError }: ServerToolPart): string[] {
  const found = phase === 'result' && tool === 'web-search' && isError !== true;
  const label = isError === true ? 'Error' : 'Output';
  return [
    ...(found && results.length === 0 ? ['[Search results: none]'] : []),
    ...(results.length === 0 ? [] : [['[Search results:]', ...results.map(resultLine)].join('\n')]),
    ...(output === undefined || output === '' ? [] : [`[${label}:]\n\`\`\`\n${output}\n\`\`\``]),
  ];
}

function resultLine({ url, title, snippet }: SearchResult): string {
  const named = title === undefined || title === '' ? url : `${title} (${url})`;
  return snippet === undefined ? `- ${named}` : `- ${named}: ${snippet}`;
}

/** Call and result in one: what a dialect with one item for both writes. The result's own words win. */
export function joinServerTool(call: ServerToolPart, result: ServerToolPart): ServerToolPart {
  const { value: _, ...known } = call;
  const { value: __, ...added } = result;
  return { ...known, ...added, id: call.id, phase: 'whole' };
}

/** True when this is the result of that call. */
export function answersServerTool(call: ServerToolPart, result: ServerToolPart): boolean {
  return call.phase === 'call' && result.phase === 'result' && call.tool === result.tool && call.id === result.id;
}

/** The parts with every result joined to its call, in the call's place; a joined result leaves undefined behind. */
export function joinServerTools(parts: readonly Part[]): readonly (Part | undefined)[] {
  const joined: (Part | undefined)[] = [...parts];
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'server-tool' || part.phase !== 'result') continue;
    const at = joined.findLastIndex(
      (call, place) => place < index && call?.type === 'server-tool' && answersServerTool(call, part),
    );
    const call = joined[at];
    if (call?.type !== 'server-tool') continue;
    joined[at] = joinServerTool(call, part);
    joined[index] = undefined;
  }
  return joined;
}
