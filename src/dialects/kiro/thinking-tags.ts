/** Thinking that older services write into the text: `<thinking>...</thinking>` at the very beginning of an answer. */

const OPEN = '<thinking>';
const CLOSE = '</thinking>';

/** A piece of an answer. */
export interface TaggedText {
  readonly type: 'text' | 'reasoning';
  readonly text: string;
}

/** Tells thinking from text, however the deltas are cut. Tags anywhere but at the beginning are text. */
export class ThinkingTags {
  #state: 'beginning' | 'thinking' | 'after' | 'text' = 'beginning';
  #held = '';

  push(delta: string): readonly TaggedText[] {
    if (this.#state === 'text') return delta === '' ? [] : [{ type: 'text', text: delta }];
    this.#held += delta;
    return this.#take();
  }

  /** What is held back when nothing more comes. */
  end(): readonly TaggedText[] {
    const { type, text } = { type: this.#state === 'thinking' ? 'reasoning' : 'text', text: this.#held } as const;
    this.#held = '';
    this.#state = 'text';
    return text === '' ? [] : [{ type, text }];
  }

  #take(): readonly TaggedText[] {
    switch (this.#state) {
      case 'beginning':
        return this.#begin();
      case 'thinking':
        return this.#think();
      case 'after':
        return this.#follow();
      case 'text':
        return this.end();
    }
  }

  #begin(): readonly TaggedText[] {
    const text = this.#held.trimStart();
    if (text.startsWith(OPEN)) {
      this.#held = text.slice(OPEN.length);
      this.#state = 'thinking';
      return this.#think();
    }
    return OPEN.startsWith(text) ? [] : this.end();
  }

  #think(): readonly TaggedText[] {
    const end = this.#held.indexOf(CLOSE);
    const cut = end < 0 ? this.#held.length - heldLength(this.#held) : end;
    const thought = this.#held.slice(0, cut);
    const pieces: readonly TaggedText[] = thought === '' ? [] : [{ type: 'reasoning', text: thought }];
    if (end < 0) {
      this.#held = this.#held.slice(cut);
      return pieces;
    }
    this.#held = this.#held.slice(end + CLOSE.length);
    this.#state = 'after';
    return [...pieces, ...this.#follow()];
  }

  /** The empty lines between the thoughts and the answer belong to neither. */
  #follow(): readonly TaggedText[] {
    this.#held = this.#held.trimStart();
    return this.#held === '' ? [] : this.end();
  }
}

/** The length of an end that may be the beginning of the closing tag. */
function heldLength(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--)
    if (CLOSE.startsWith(text.slice(-length))) return length;
  return 0;
}
