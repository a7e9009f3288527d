import type { GenerationEvent, JsonObject, JsonValue, MutableJsonObject } from '../../ir/index.ts';
import { isJsonArray, parseJsonObject } from '../../ir/read.ts';
import { decodeSource } from './citations.ts';
import { decodeServerTool } from './server-tools.ts';
import { DIALECT } from './wire.ts';

/** A content block of a stream between its start and its stop. */
export interface OpenBlock {
  delta(delta: JsonObject): readonly GenerationEvent[];
  stop(): readonly GenerationEvent[];
}

/** A block that was just opened, and the events that its start (which may hold content already) means. */
interface StartedBlock {
  readonly open: OpenBlock;
  readonly events: readonly GenerationEvent[];
}

const NOTHING: readonly GenerationEvent[] = [];

/** Opens the block of a `content_block_start` under the given number. */
export function startBlock(wire: JsonObject, block: number): StartedBlock {
  switch (wire['type']) {
    case 'text':
      return startText(wire, block);
    case 'thinking':
      return startThinking(wire, block);
    case 'redacted_thinking':
      return startRedacted(wire, block);
    case 'tool_use':
      return startToolUse(wire, block);
    default:
      return { open: new OpaqueBlock(wire, block), events: NOTHING };
  }
}

function startText(wire: JsonObject, block: number): StartedBlock {
  const open = new TextBlock(block);
  const citations = isJsonArray(wire['citations']) ? wire['citations'] : [];
  const events: GenerationEvent[] = [
    { type: 'text-start', block, candidate: 0 },
    ...open.delta({ type: 'text_delta', text: wire['text'] }),
    ...citations.flatMap((citation) => open.delta({ type: 'citations_delta', citation })),
  ];
  return { open, events };
}

class TextBlock implements OpenBlock {
  readonly #block: number;

  constructor(block: number) {
    this.#block = block;
  }

  delta(delta: JsonObject): readonly GenerationEvent[] {
    const text = delta['text'];
    if (typeof text === 'string') return text === '' ? NOTHING : [{ type: 'text-delta', block: this.#block, text }];
    const citation = delta['citation'];
    if (delta['type'] !== 'citations_delta' || citation === undefined) return NOTHING;
    const sources = decodeSource(citation);
    return [
      {
        type: 'text-citation',
        block: this.#block,
        dialect: DIALECT,
        citation,
        ...(sources.length > 0 && { sources }),
      },
    ];
  }

  stop(): readonly GenerationEvent[] {
    return [{ type: 'block-end', block: this.#block }];
  }
}

function startThinking(wire: JsonObject, block: number): StartedBlock {
  const open = new ThinkingBlock(block);
  const start: GenerationEvent = { type: 'reasoning-start', block, candidate: 0, summary: false, redacted: false };
  open.delta({ signature: wire['signature'] });
  return { open, events: [start, ...open.delta({ thinking: wire['thinking'] })] };
}

class ThinkingBlock implements OpenBlock {
  readonly #block: number;
  #signature = '';

  constructor(block: number) {
    this.#block = block;
  }

  delta(delta: JsonObject): readonly GenerationEvent[] {
    const thinking = delta['thinking'];
    if (typeof thinking === 'string') {
      return thinking === '' ? NOTHING : [{ type: 'reasoning-delta', block: this.#block, text: thinking }];
    }
    if (typeof delta['signature'] === 'string') this.#signature += delta['signature'];
    return NOTHING;
  }

  stop(): readonly GenerationEvent[] {
    const end: GenerationEvent = { type: 'block-end', block: this.#block };
    if (this.#signature === '') return [end];
    return [
      { type: 'block-signature', block: this.#block, signature: { origin: DIALECT, value: this.#signature } },
      end,
    ];
  }
}

function startRedacted(wire: JsonObject, block: number): StartedBlock {
  const open = new ThinkingBlock(block);
  open.delta({ signature: wire['data'] });
  return { open, events: [{ type: 'reasoning-start', block, candidate: 0, summary: false, redacted: true }] };
}

function startToolUse(wire: JsonObject, block: number): StartedBlock {
  const id = typeof wire['id'] === 'string' ? wire['id'] : '';
  const name = typeof wire['name'] === 'string' ? wire['name'] : '';
  return {
    open: new ToolUseBlock(block, wire['input']),
    events: [{ type: 'tool-call-start', block, candidate: 0, id, name, kind: 'function' }],
  };
}

class ToolUseBlock implements OpenBlock {
  readonly #block: number;
  /** Claude starts with `{}` and streams the rest; some compatible servers give all of it here. */
  readonly #input: JsonValue | undefined;
  #streamed = false;

  constructor(block: number, input: JsonValue | undefined) {
    this.#block = block;
    this.#input = input;
  }

  delta(delta: JsonObject): readonly GenerationEvent[] {
    const fragment = delta['partial_json'];
    if (typeof fragment !== 'string' || fragment === '') return NOTHING;
    this.#streamed = true;
    return [{ type: 'tool-call-delta', block: this.#block, arguments: fragment }];
  }

  stop(): readonly GenerationEvent[] {
    const end: GenerationEvent = { type: 'block-end', block: this.#block };
    if (this.#streamed) return [end];
    return [{ type: 'tool-call-delta', block: this.#block, arguments: JSON.stringify(this.#input ?? {}) }, end];
  }
}

/** A block of a kind that the IR does not model: gathered, and passed on whole. */
class OpaqueBlock implements OpenBlock {
  readonly #block: number;
  readonly #value: MutableJsonObject;
  #input = '';

  constructor(wire: JsonObject, block: number) {
    this.#block = block;
    this.#value = { ...wire };
  }

  delta(delta: JsonObject): readonly GenerationEvent[] {
    for (const [key, value] of Object.entries(delta)) {
      if (key === 'type') continue;
      if (key === 'partial_json') this.#input += typeof value === 'string' ? value : '';
      else if (key === 'citation') this.#append('citations', value);
      else this.#extend(key, value);
    }
    return NOTHING;
  }

  stop(): readonly GenerationEvent[] {
    const input = this.#input === '' ? undefined : (parseJsonObject(this.#input) ?? this.#input);
    const value = input === undefined ? this.#value : { ...this.#value, input };
    const part = decodeServerTool(value);
    const place = { block: this.#block, candidate: 0 };
    return part === undefined
      ? [{ type: 'opaque', ...place, dialect: DIALECT, value }]
      : [{ type: 'server-tool', ...place, part }];
  }

  #extend(key: string, value: JsonValue | undefined): void {
    const before = this.#value[key];
    const joined = typeof before === 'string' && typeof value === 'string' ? before + value : value;
    Object.defineProperty(this.#value, key, { value: joined, enumerable: true, configurable: true, writable: true });
  }

  #append(key: string, value: JsonValue | undefined): void {
    const before = this.#value[key];
    this.#value[key] = [...(isJsonArray(before) ? before : []), value ?? null];
  }
}
