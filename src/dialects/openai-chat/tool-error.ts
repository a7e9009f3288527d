import type { ToolResultPart } from '../../ir/index.ts';

/** How a failed tool is told in a dialect that has no flag for it: the first words of the result's text. */
const mark = '[tool error]\n';

/** Takes the mark off again. */
export function decodeToolError(content: ToolResultPart['content']): Pick<ToolResultPart, 'content' | 'isError'> {
  const first = content[0];
  if (first?.type !== 'text' || !first.text.startsWith(mark)) return { content, isError: false };
  const text = first.text.slice(mark.length);
  return { content: text === '' ? content.slice(1) : [{ ...first, text }, ...content.slice(1)], isError: true };
}

/** The texts of a result, marked when the tool failed. */
export function encodeToolError(texts: readonly string[], isError: boolean): readonly string[] {
  return isError ? [mark + (texts[0] ?? ''), ...texts.slice(1)] : texts;
}
