import type { UpstreamDialect } from '../../support/scripted-upstream/index.ts';

const BOOKKEEPING = 'bookkeeping of the provider; the answer is the same';
const CACHING = 'a hint for caching: it changes the price and not the answer';
const TRANSPORT = 'how the proxy itself writes the stream';
const DEFAULT = 'says what the other dialects do anyway';
const PREPARATION = 'how providers prepare the input; each has its own rule';
const LABEL = 'a name for people';

/**
 * Fields, or single values of them (`field: value`), that may be left out without a word because the user would not notice,
 * by client dialect, each with the reason.
 */
export const hints: Readonly<Record<UpstreamDialect, Readonly<Record<string, string>>>> = {
  'openai-chat': {
    metadata: BOOKKEEPING,
    user: BOOKKEEPING,
    safety_identifier: BOOKKEEPING,
    prediction: 'makes the answer come sooner and not otherwise',
    prompt_cache_key: CACHING,
    prompt_cache_options: CACHING,
    prompt_cache_retention: CACHING,
    'messages[0].content[0].cache_control': CACHING,
    'response_format.json_schema.name': LABEL,
    'response_format.json_schema.strict': DEFAULT,
    stream_options: TRANSPORT,
    'messages[0].content[1].image_url.detail': PREPARATION,
  },
  'openai-responses': {
    'background: false': 'the default; true is reported',
    'include: ["reasoning.encrypted_content"]':
      'reasoning is returned in the form that the dialect has; other values are reported',
    metadata: BOOKKEEPING,
    user: BOOKKEEPING,
    safety_identifier: BOOKKEEPING,
    prompt_cache_key: CACHING,
    prompt_cache_options: CACHING,
    prompt_cache_retention: CACHING,
    'reasoning.summary': 'the length of the summary; no other dialect has a choice',
    'store: false': 'nothing is stored elsewhere; true is reported',
    stream_options: TRANSPORT,
    'text.format.name': LABEL,
    'text.format.strict': DEFAULT,
    'tools[0].defer_loading': 'the tool is offered from the start',
    'truncation: "disabled"': 'what other dialects do; auto is reported',
    'input[0].content[0].detail': PREPARATION,
  },
  'anthropic-messages': {
    'metadata.user_id': BOOKKEEPING,
    'thinking: {"type":"adaptive"}': 'the model decides, as without the field; budgets and off are carried',
    'thinking.display': 'whether reasoning is shown: not a choice in Chat Completions',
    'context_management: {"edits":[{"type":"clear_thinking_20251015"}]}':
      'clearing old thinking only frees context; other edits are reported',
    'speed: "standard"': 'the default; fast is the service tier priority elsewhere',
    cache_control: CACHING,
    'system[0].cache_control': CACHING,
    'tools[0].cache_control': CACHING,
    'messages[0].content[0].cache_control': CACHING,
    'messages[2].content[0].cache_control': CACHING,
    'tools[0].defer_loading': 'the tool is offered from the start',
    'tools[0].eager_input_streaming': TRANSPORT,
  },
  gemini: {
    labels: BOOKKEEPING,
    'contents[0].parts[0].partMetadata': BOOKKEEPING,
    'contents[0].parts[1].inlineData.displayName': LABEL,
    'generationConfig.thinkingConfig.includeThoughts': 'whether reasoning is shown: not a choice in Chat Completions',
    'contents[1].parts[1].thoughtSignature': 'a signature is for the provider that made it and must not reach others',
  },
};
