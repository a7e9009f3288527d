const OPENING = '[Media from the result of tool call ';
const END = ':]';

/** What stands before the media of a tool's result where a tool message holds text only: see `openai-chat`. */
export function movedMediaNote(callId: string): string {
  return `${OPENING}${callId}${END}`;
}

/** Whether a text is such a note and nothing else. */
export function isMovedMediaNote(text: string): boolean {
  return text.startsWith(OPENING) && text.indexOf(END) === text.length - END.length;
}
