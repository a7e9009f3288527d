/** Where each upstream looks for what it said itself. Written without the product's codecs. */
import type { UpstreamDialect, Wire } from '../support/scripted-upstream/index.ts';

/** What an upstream finds of its own earlier answer in a request. */
export interface Memory {
  readonly signature: unknown;
  readonly calls: readonly string[];
  readonly answered: readonly string[];
}

/** Reads it out of a request's body. */
export function memoryOf(dialect: UpstreamDialect, body: Wire): Memory {
  switch (dialect) {
    case 'openai-chat': {
      const message = body.messages.find(({ role }: Wire) => role === 'assistant');
      return {
        signature: message.reasoning_details?.find((detail: Wire) => detail.signature)?.signature,
        calls: message.tool_calls.map((call: Wire) => call.id),
        answered: body.messages.filter(({ role }: Wire) => role === 'tool').map((turn: Wire) => turn.tool_call_id),
      };
    }
    case 'openai-responses': {
      const ids = (type: string): string[] =>
        body.input.filter((item: Wire) => item.type === type).map((item: Wire) => item.call_id);
      return {
        signature: body.input.find((item: Wire) => item.type === 'reasoning')?.encrypted_content,
        calls: ids('function_call'),
        answered: ids('function_call_output'),
      };
    }
    case 'anthropic-messages': {
      const blocks: Wire[] = body.messages.flatMap((turn: Wire) => (Array.isArray(turn.content) ? turn.content : []));
      const of = (type: string): Wire[] => blocks.filter((block) => block.type === type);
      return {
        signature: of('thinking')[0]?.signature,
        calls: of('tool_use').map((block) => block.id),
        answered: of('tool_result').map((block) => block.tool_use_id),
      };
    }
    case 'gemini': {
      const parts: Wire[] = body.contents.flatMap((turn: Wire) => turn.parts);
      const calls = parts.filter((part) => part.functionCall);
      return {
        signature: calls[0]?.thoughtSignature,
        calls: calls.map((part) => part.functionCall.id),
        answered: parts.filter((part) => part.functionResponse).map((part) => part.functionResponse.id),
      };
    }
  }
}
