/** What the service behind ChatGPT refuses in a request for Codex, in its own words. */

const UNSUPPORTED = [
  'background',
  'context_management',
  'generate',
  'max_completion_tokens',
  'max_output_tokens',
  'metadata',
  'previous_response_id',
  'prompt_cache_retention',
  'safety_identifier',
  'temperature',
  'top_p',
  'truncation',
  'user',
];
const PREFIXES: Readonly<Record<string, string>> = { message: 'msg', reasoning: 'rs', function_call: 'fc' };

/** The `detail` of its 400; undefined: it takes the request. */
export function checkRequest(body: Readonly<Record<string, unknown>>, models: readonly string[]): string | undefined {
  const { input, instructions, service_tier: tier, tools } = body;
  if (typeof instructions !== 'string') return 'Instructions are required';
  if (!Array.isArray(input)) return 'Input must be a list';
  if (body['store'] !== false) return 'Store must be set to false';
  if (body['stream'] !== true) return 'Stream must be set to true';
  if (!models.includes(String(body['model'])))
    return `The '${String(body['model'])}' model is not supported when using Codex with a ChatGPT account.`;
  const unsupported = UNSUPPORTED.find((name) => name in body);
  if (unsupported !== undefined) return `Unsupported parameter: ${unsupported}`;
  if (tier !== undefined && tier !== 'priority') return `Unsupported service_tier: ${String(tier)}`;
  if (Array.isArray(tools) && tools.some((tool) => tool?.type === 'web_search_preview'))
    return 'Unsupported tool type: web_search_preview';
  return input.map(checkItem).find((detail) => detail !== undefined);
}

function checkItem(item: unknown, index: number): string | undefined {
  const { type = 'message', role, id, encrypted_content: encrypted } = item as Readonly<Record<string, unknown>>;
  if (role === 'system') return 'System messages are not allowed';
  if (type === 'reasoning' && typeof encrypted !== 'string')
    return `Item '${String(id)}' not found. Items are not persisted when \`store\` is set to false.`;
  if (typeof encrypted === 'string' && !encrypted.startsWith('gAAAA'))
    return 'The encrypted content could not be verified.';
  if (typeof id !== 'string') return undefined;
  if (id.length > 64) return `Invalid 'input[${index}].id': string too long.`;
  const prefix = PREFIXES[String(type)];
  const isFitting = prefix === undefined || id.startsWith(prefix);
  return isFitting ? undefined : `Invalid 'input[${index}].id': '${id}'. Expected an ID that begins with '${prefix}'.`;
}
