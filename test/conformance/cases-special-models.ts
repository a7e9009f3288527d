/** Models that are served otherwise than the rest of their dialect. */

/** A Claude model without structured output. */
export const OUTPUT_TOOL_MODEL = 'claude-sonnet-4-20250514';

/** A Chat model that searches. */
export const SEARCHING_MODEL = 'up-chat-search-preview';
