/** Prompt-cache breakpoints. https://docs.claude.com/en/docs/build-with-claude/prompt-caching */
import { isJsonObject, type MutableJsonObject, type Warn } from '../../ir/index.ts';
import type { EncodedMessage } from './encode-messages.ts';

/** More than this many breakpoints are refused. */
const MAX_BREAKPOINTS = 4;

/** What of a body can carry breakpoints, in the order in which Claude reads it. */
export interface CacheableBody {
  readonly tools: readonly MutableJsonObject[];
  readonly system: readonly MutableJsonObject[];
  readonly messages: readonly EncodedMessage[];
}

/**
 * The client's breakpoints as far as Claude takes them. Without any, and with `add`, those that let every turn of a
 * conversation read what the turn before has written.
 */
export function settleCacheBreakpoints(body: CacheableBody, add: boolean, warn: Warn): void {
  const inMessages = body.messages.flatMap((message) => message.content.flatMap(withNestedBlocks)).filter(isMarked);
  const system = body.system.filter(isMarked);
  const tools = body.tools.filter(isMarked);
  if (inMessages.length + system.length + tools.length > 0) {
    removeSurplus(tools, system, inMessages, warn);
    orderLifetimes([...tools, ...system, ...inMessages], warn);
  } else if (add) addBreakpoints(body);
}

/** Those that the later ones cover go first: all but the last of system and tools, then the earliest messages. */
function removeSurplus(
  tools: readonly MutableJsonObject[],
  system: readonly MutableJsonObject[],
  inMessages: readonly MutableJsonObject[],
  warn: Warn,
): void {
  const order = [...system.slice(0, -1), ...tools.slice(0, -1), ...inMessages, ...system.slice(-1), ...tools.slice(-1)];
  const surplus = order.slice(0, Math.max(0, order.length - MAX_BREAKPOINTS));
  for (const block of surplus) delete block['cache_control'];
  if (surplus.length > 0) warn('messages', `Claude takes at most ${MAX_BREAKPOINTS} cache breakpoints`);
}

/** Claude refuses a breakpoint that lives longer than one before it. */
function orderLifetimes(marked: readonly MutableJsonObject[], warn: Warn): void {
  let short = false;
  let shortened = false;
  for (const block of marked) {
    const control = block['cache_control'];
    if (!isJsonObject(control)) continue;
    if (control['ttl'] !== '1h') short = true;
    else if (short) {
      block['cache_control'] = { type: 'ephemeral' };
      shortened = true;
    }
  }
  if (shortened) warn('messages', 'a cache breakpoint cannot last 1h after one that lasts 5m');
}

function addBreakpoints({ tools, system, messages }: CacheableBody): void {
  mark(tools.findLast((tool) => tool['defer_loading'] !== true));
  mark(system.at(-1));
  const last = messages.findLastIndex((message) => lastEligible(message) !== undefined);
  const before = messages.slice(0, Math.max(0, last));
  // What the request before this one ended with: the longest prefix that is in the cache already.
  mark(lastEligible(before.findLast((message) => message.role === 'user')));
  mark(lastEligible(messages[last]));
}

function mark(block: MutableJsonObject | undefined): void {
  if (block !== undefined) block['cache_control'] = { type: 'ephemeral' };
}

/** Thinking cannot carry a breakpoint. */
function lastEligible(message: EncodedMessage | undefined): MutableJsonObject | undefined {
  return message?.content.findLast(({ type }) => type !== 'thinking' && type !== 'redacted_thinking');
}

function isMarked(block: MutableJsonObject): boolean {
  return block['cache_control'] !== undefined;
}

/** A block and the blocks inside a tool result, which may carry breakpoints too. */
function withNestedBlocks(block: MutableJsonObject): MutableJsonObject[] {
  const content = block['type'] === 'tool_result' ? block['content'] : undefined;
  return Array.isArray(content) ? [...content.filter(isJsonObject), block] : [block];
}
