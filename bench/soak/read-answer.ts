/** Reads answers as bare clients of the four dialects do; written without the product's codecs. */
import type { UpstreamDialect, Wire } from '../../test/support/scripted-upstream/index.ts';

/** What a stream has said so far. */
export interface StreamReading {
  text: string;
  /** The dialect's last word came. */
  isComplete: boolean;
  /** An error event in the dialect's form. */
  error: string | undefined;
  /** Why it is no stream of the dialect. */
  malformed: string | undefined;
}

/** Reads a stream piece by piece. */
export class StreamReader {
  readonly #dialect: UpstreamDialect;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #rest = '';
  readonly reading: StreamReading = { text: '', isComplete: false, error: undefined, malformed: undefined };

  constructor(dialect: UpstreamDialect) {
    this.#dialect = dialect;
  }

  push(chunk: Uint8Array): void {
    this.#rest += this.#decoder.decode(chunk, { stream: true }).replaceAll('\r\n', '\n');
    const blocks = this.#rest.split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#event(block);
  }

  /** Nothing may be left over. */
  end(): void {
    if (this.#rest.trim() !== '') this.reading.malformed ??= `half an event: ${this.#rest.slice(0, 100)}`;
  }

  #event(block: string): void {
    const data = block
      .split('\n')
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trimStart())
      .join('\n');
    if (data === '') return;
    if (data === '[DONE]') {
      if (this.#dialect === 'openai-chat') this.reading.isComplete = this.reading.error === undefined;
      return;
    }
    try {
      this.#take(JSON.parse(data));
    } catch {
      this.reading.malformed ??= `no JSON: ${data.slice(0, 100)}`;
    }
  }

  #take(event: Wire): void {
    const { reading } = this;
    switch (this.#dialect) {
      case 'openai-chat':
        if (event.error !== undefined) reading.error = String(event.error.message);
        reading.text += event.choices?.[0]?.delta?.content ?? '';
        return;
      case 'openai-responses':
        if (event.type === 'error') reading.error = String(event.message ?? event.error?.message);
        if (event.type === 'response.failed') reading.error = String(event.response.error.message);
        if (event.type === 'response.output_text.delta') reading.text += event.delta;
        if (event.type === 'response.completed') reading.isComplete = true;
        return;
      case 'anthropic-messages':
        if (event.type === 'error') reading.error = String(event.error.message);
        if (event.type === 'content_block_delta') reading.text += event.delta.text ?? '';
        if (event.type === 'message_stop') reading.isComplete = true;
        return;
      case 'gemini':
        if (event.error !== undefined) reading.error = String(event.error.message);
        for (const part of event.candidates?.[0]?.content?.parts ?? []) reading.text += part.text ?? '';
        if (event.candidates?.[0]?.finishReason !== undefined) reading.isComplete = true;
    }
  }
}
