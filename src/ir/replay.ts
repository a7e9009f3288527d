import type { GenerationEvent } from './event.ts';
import type { JsonValue } from './json.ts';
import type { Part, TextPart } from './part.ts';
import type { GenerationResponse } from './response.ts';
import type { Signature } from './signature.ts';

/** A finished answer -> the events a stream of it would have had; each text is one delta. */
export function replayResponse(response: GenerationResponse): GenerationEvent[] {
  const { id, model, createdAtS, serviceTier, usage } = response;
  const events: GenerationEvent[] = [
    {
      type: 'response-start',
      id,
      model,
      ...(createdAtS !== undefined && { createdAtS }),
      ...(serviceTier !== undefined && { serviceTier }),
    },
  ];
  let block = 0;
  for (const [candidate, { content, logprobs }] of response.candidates.entries()) {
    let pending = logprobs;
    for (const part of content) {
      events.push(...replayPart(part, block++, candidate, pending));
      // All log probabilities of a candidate travel with its first text.
      if (part.type === 'text' && part.text !== '') pending = undefined;
    }
  }
  for (const [candidate, { finishReason, stopSequence }] of response.candidates.entries()) {
    events.push({
      type: 'candidate-end',
      candidate,
      finishReason,
      ...(stopSequence !== undefined && { stopSequence }),
    });
  }
  events.push({ type: 'response-end', usage });
  return events;
}

function replayPart(
  part: Part,
  block: number,
  candidate: number,
  logprobs: readonly JsonValue[] | undefined,
): GenerationEvent[] {
  switch (part.type) {
    case 'text':
      return replayText(part, block, candidate, logprobs);
    case 'refusal':
      return [
        { type: 'refusal-start', block, candidate },
        { type: 'refusal-delta', block, text: part.text },
        { type: 'block-end', block },
      ];
    case 'reasoning': {
      const { text, summary, redacted, id } = part;
      return [
        { type: 'reasoning-start', block, candidate, summary, redacted, ...(id !== undefined && { id }) },
        ...(text === '' ? [] : [{ type: 'reasoning-delta', block, text } as const]),
        ...endBlock(block, part.signature),
      ];
    }
    case 'tool-call': {
      const { id, name, kind } = part;
      return [
        { type: 'tool-call-start', block, candidate, id, name, kind },
        ...(part.arguments === '' ? [] : [{ type: 'tool-call-delta', block, arguments: part.arguments } as const]),
        ...endBlock(block, part.signature),
      ];
    }
    case 'media':
      return [{ type: 'media', block, candidate, part }];
    case 'server-tool':
      return [{ type: 'server-tool', block, candidate, part }];
    case 'opaque':
      return [{ type: 'opaque', block, candidate, dialect: part.dialect, value: part.value }];
    case 'tool-result':
      // Only clients send results; no answer holds one.
      return [];
  }
}

function replayText(
  part: TextPart,
  block: number,
  candidate: number,
  logprobs: readonly JsonValue[] | undefined,
): GenerationEvent[] {
  const { text, citations, signature } = part;
  return [
    { type: 'text-start', block, candidate },
    ...(text === '' ? [] : [{ type: 'text-delta', block, text, ...(logprobs !== undefined && { logprobs }) } as const]),
    ...replayCitations(citations, block),
    ...endBlock(block, signature),
  ];
}

/** What others understand of all citations goes with the first of them. */
function replayCitations(citations: TextPart['citations'], block: number): GenerationEvent[] {
  if (citations === undefined) return [];
  const { dialect, items, sources } = citations;
  return items.map((citation, index) => ({
    type: 'text-citation',
    block,
    dialect,
    citation,
    ...(index === 0 && sources !== undefined && { sources }),
  }));
}

function endBlock(block: number, signature: Signature | undefined): GenerationEvent[] {
  const end: GenerationEvent = { type: 'block-end', block };
  return signature === undefined ? [end] : [{ type: 'block-signature', block, signature }, end];
}
