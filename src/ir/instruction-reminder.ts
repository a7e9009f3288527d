/**
 * Instructions amid a conversation, for dialects that take system messages only in front: a user text in the marks
 * that agents use for what does not come from the user.
 */
export function instructionReminder(text: string): string {
  return `<system-reminder>\n${text}\n</system-reminder>`;
}
