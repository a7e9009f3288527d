import type { GenerationEvent } from './event.ts';
import type { DialectId } from './extensions.ts';
import type { JsonValue } from './json.ts';
import type { Citation, MediaPart, OpaquePart, Part, ServerToolPart } from './part.ts';
import type { Candidate, FinishReason, GenerationResponse } from './response.ts';
import type { Signature } from './signature.ts';
import { emptyUsage, type Usage } from './usage.ts';

/** Gathers the events of one stream; `response()` may be asked at any time for what has come so far. */
export interface Collector {
  push(event: GenerationEvent): void;
  /** A candidate without `candidate-end` has finish reason `error`: its stream broke off. */
  response(): GenerationResponse;
}

type StartEvent = Extract<
  GenerationEvent,
  { type: 'text-start' | 'refusal-start' | 'reasoning-start' | 'tool-call-start' }
>;
type EndEvent = Extract<GenerationEvent, { type: 'candidate-end' }>;

interface OpenBlock {
  readonly start: StartEvent;
  text: string;
  signature?: Signature;
  citations?: { readonly dialect: DialectId; readonly items: JsonValue[]; sources?: Citation[] };
}

interface OpenCandidate {
  readonly content: (OpenBlock | MediaPart | ServerToolPart | OpaquePart)[];
  readonly logprobs: JsonValue[];
  end?: EndEvent;
}

interface State {
  start?: Extract<GenerationEvent, { type: 'response-start' }>;
  usage?: Usage;
  readonly candidates: Map<number, OpenCandidate>;
  readonly blocks: Map<number, { readonly block: OpenBlock; readonly candidate: OpenCandidate }>;
}

/** All events of a stream -> the answer they describe. */
export function collectEvents(events: Iterable<GenerationEvent>): GenerationResponse {
  const collector = createCollector();
  for (const event of events) collector.push(event);
  return collector.response();
}

/** A collector for events that arrive one by one. Deltas of blocks that were never opened are ignored. */
export function createCollector(): Collector {
  const state: State = { candidates: new Map(), blocks: new Map() };
  return { push: (event) => apply(state, event), response: () => toResponse(state) };
}

function apply(state: State, event: GenerationEvent): void {
  switch (event.type) {
    case 'response-start':
      state.start = event;
      return;
    case 'text-start':
    case 'refusal-start':
    case 'reasoning-start':
    case 'tool-call-start':
      openBlock(state, event);
      return;
    case 'text-delta':
      if (event.logprobs !== undefined) state.blocks.get(event.block)?.candidate.logprobs.push(...event.logprobs);
      append(state, event.block, event.text);
      return;
    case 'refusal-delta':
    case 'reasoning-delta':
      append(state, event.block, event.text);
      return;
    case 'tool-call-delta':
      append(state, event.block, event.arguments);
      return;
    case 'text-citation':
      addCitation(state, event);
      return;
    case 'block-signature':
      setSignature(state, event.block, event.signature);
      return;
    case 'block-end':
      state.blocks.delete(event.block);
      return;
    case 'media':
    case 'server-tool':
      candidateOf(state, event.candidate).content.push(event.part);
      return;
    case 'opaque':
      candidateOf(state, event.candidate).content.push({ type: 'opaque', dialect: event.dialect, value: event.value });
      return;
    case 'candidate-end':
      candidateOf(state, event.candidate).end = event;
      return;
    case 'response-end':
      state.usage = event.usage;
      return;
  }
}

function candidateOf(state: State, index: number): OpenCandidate {
  let candidate = state.candidates.get(index);
  if (candidate === undefined) {
    candidate = { content: [], logprobs: [] };
    state.candidates.set(index, candidate);
  }
  return candidate;
}

function openBlock(state: State, start: StartEvent): void {
  const candidate = candidateOf(state, start.candidate);
  const block: OpenBlock = { start, text: '' };
  candidate.content.push(block);
  state.blocks.set(start.block, { block, candidate });
}

function append(state: State, block: number, text: string): void {
  const open = state.blocks.get(block);
  if (open !== undefined) open.block.text += text;
}

function addCitation(state: State, event: Extract<GenerationEvent, { type: 'text-citation' }>): void {
  const open = state.blocks.get(event.block)?.block;
  if (open === undefined) return;
  open.citations ??= { dialect: event.dialect, items: [] };
  open.citations.items.push(event.citation);
  if (event.sources === undefined) return;
  open.citations.sources ??= [];
  open.citations.sources.push(...event.sources);
}

function setSignature(state: State, block: number, signature: Signature): void {
  const open = state.blocks.get(block);
  if (open !== undefined) open.block.signature = signature;
}

function toResponse(state: State): GenerationResponse {
  const { start } = state;
  return {
    id: start?.id ?? '',
    model: start?.model ?? '',
    ...(start?.createdAtS !== undefined && { createdAtS: start.createdAtS }),
    candidates: [...state.candidates].sort(([a], [b]) => a - b).map(([, candidate]) => toCandidate(candidate)),
    usage: state.usage ?? start?.usage ?? emptyUsage,
    ...(start?.serviceTier !== undefined && { serviceTier: start.serviceTier }),
    extensions: {},
  };
}

function toCandidate(candidate: OpenCandidate): Candidate {
  const finishReason: FinishReason = candidate.end?.finishReason ?? 'error';
  const stopSequence = candidate.end?.stopSequence;
  return {
    content: candidate.content.map((item) => ('start' in item ? toPart(item) : item)),
    finishReason,
    ...(stopSequence !== undefined && { stopSequence }),
    ...(candidate.logprobs.length > 0 && { logprobs: [...candidate.logprobs] }),
  };
}

function toPart(block: OpenBlock): Part {
  const { start, text } = block;
  const signature = block.signature === undefined ? {} : { signature: block.signature };
  switch (start.type) {
    case 'text-start':
      return { type: 'text', text, ...(block.citations !== undefined && { citations: block.citations }), ...signature };
    case 'refusal-start':
      return { type: 'refusal', text };
    case 'reasoning-start': {
      const { summary, redacted, id } = start;
      return { type: 'reasoning', text, summary, redacted, ...signature, ...(id !== undefined && { id }) };
    }
    case 'tool-call-start': {
      const { id, name, kind } = start;
      return { type: 'tool-call', id, name, kind, arguments: text, ...signature };
    }
  }
}
