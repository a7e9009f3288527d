/** Our Responses types against `openai`: checked by the compiler, which names what is missing. */
import type OpenAI from 'openai';
import { expect, expectTypeOf, test } from 'vitest';
import type * as wire from '../../src/dialects/openai-responses/wire-types.ts';
import {
  type AssertAssignable,
  type MembersOf,
  type Missing,
  type TypesOf,
  type Wire,
  withoutReason,
} from './compare.ts';

type Sdk = OpenAI.Responses.Response;
type SdkEvent = OpenAI.Responses.ResponseStreamEvent;
type SdkItem = OpenAI.Responses.ResponseOutputItem;
type SdkBody = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** The upstream's own words, and what repeats the request. `output_text` is made by the SDK itself. */
type Foreign = 'error' | 'incomplete_details' | 'usage' | 'output' | 'output_text' | keyof wire.Echo;
/** Events that hold log probabilities, a whole response or items have those checked by themselves. */
type Plain = Exclude<
  wire.StreamEvent,
  wire.StateEvent | { readonly logprobs: unknown } | { readonly item: unknown } | { readonly part: unknown }
>;

/** What we write can be read as the SDK's types. */
type Checks = [
  AssertAssignable<Wire<Omit<wire.ResponseObject, Foreign>>, Omit<Sdk, Foreign>>,
  AssertAssignable<Wire<wire.Usage>, OpenAI.Responses.ResponseUsage>,
  AssertAssignable<wire.IncompleteReason, NonNullable<NonNullable<Sdk['incomplete_details']>['reason']>>,
  AssertAssignable<wire.Changing['status'], OpenAI.Responses.ResponseStatus>,
  AssertAssignable<
    Pick<wire.Echo, 'access_programs' | 'background' | 'instructions'>,
    Pick<Sdk, 'access_programs' | 'background' | 'instructions'>
  >,
  AssertAssignable<Wire<Exclude<wire.OutputItem, wire.ImageItem | wire.MessageItem>>, SdkItem>,
  AssertAssignable<
    Wire<Omit<wire.ImageItem, 'output_format'>>,
    Omit<Extract<SdkItem, { type: 'image_generation_call' }>, 'output_format'>
  >,
  AssertAssignable<Wire<Omit<wire.MessageItem, 'content'>>, Omit<OpenAI.Responses.ResponseOutputMessage, 'content'>>,
  AssertAssignable<Wire<Omit<wire.OutputText, 'logprobs'>>, OpenAI.Responses.ResponseOutputText>,
  AssertAssignable<Wire<wire.Refusal>, OpenAI.Responses.ResponseOutputRefusal>,
  AssertAssignable<Wire<Plain>, SdkEvent>,
  AssertAssignable<Wire<wire.TokenCount>, OpenAI.Responses.InputTokenCountResponse>,
  AssertAssignable<Wire<wire.ErrorBody['error']>, OpenAI.ErrorObject>,
];

/** Every event we write has the members that the SDK's has; members with a type of their own aside. */
type Lacking<T extends wire.StreamEvent['type']> = Exclude<
  RequiredOf<Extract<SdkEvent, { type: T }>>,
  MembersOf<wire.EventOf<T>>
>;
type RequiredOf<T> = { [K in keyof T]-?: Record<string, never> extends Pick<T, K> ? never : K }[keyof T];
/** The event types whose members fall short: none. */
type Short = AssertAssignable<{ [T in wire.StreamEvent['type']]: Lacking<T> }[wire.StreamEvent['type']], never>;

const opaque = 'passed on whole to this dialect, and named as lost elsewhere';
const own = 'carried as it came, and named as lost elsewhere';
const vendor = 'of the vendor only';
const item = 'of an item that is read whole at its end';

/** What the SDK has and we neither write nor know by name. */
const notHandled = {
  events: {
    'response.audio.delta': 'no model of the Responses API speaks',
    'response.audio.done': 'no model of the Responses API speaks',
    'response.audio.transcript.delta': 'no model of the Responses API speaks',
    'response.audio.transcript.done': 'no model of the Responses API speaks',
    'response.code_interpreter_call_code.delta': item,
    'response.code_interpreter_call_code.done': item,
    'response.compaction.compacting': item,
    'response.file_search_call.completed': item,
    'response.file_search_call.in_progress': item,
    'response.file_search_call.searching': item,
    'response.image_generation_call.completed': item,
    'response.image_generation_call.generating': item,
    'response.image_generation_call.in_progress': item,
    'response.image_generation_call.partial_image': item,
    'response.mcp_call.completed': item,
    'response.mcp_call.failed': item,
    'response.mcp_call.in_progress': item,
    'response.mcp_call_arguments.delta': item,
    'response.mcp_call_arguments.done': item,
    'response.mcp_list_tools.completed': item,
    'response.mcp_list_tools.failed': item,
    'response.mcp_list_tools.in_progress': item,
    'response.shell_call_command.added': item,
    'response.shell_call_command.delta': item,
    'response.shell_call_command.done': item,
    'response.shell_call_output_content.delta': item,
    'response.shell_call_output_content.done': item,
  } satisfies Missing<SdkEvent['type'], wire.StreamEvent['type'] | ReadEvent>,
  outputItems: {
    additional_tools: opaque,
    apply_patch_call: opaque,
    apply_patch_call_output: opaque,
    compaction: opaque,
    computer_call: opaque,
    computer_call_output: opaque,
    custom_tool_call_output: opaque,
    file_search_call: opaque,
    function_call_output: opaque,
    local_shell_call: opaque,
    local_shell_call_output: opaque,
    mcp_approval_request: opaque,
    mcp_approval_response: opaque,
    mcp_call: opaque,
    mcp_list_tools: opaque,
    program: opaque,
    program_output: opaque,
    shell_call: opaque,
    shell_call_output: opaque,
    tool_search_call: opaque,
    tool_search_output: opaque,
  } satisfies Missing<SdkItem['type'], wire.OutputItem['type']>,
  inputItems: {
    apply_patch_call: opaque,
    apply_patch_call_output: opaque,
    compaction: opaque,
    compaction_trigger: opaque,
    computer_call: opaque,
    computer_call_output: opaque,
    configuration_update: opaque,
    file_search_call: opaque,
    item_reference: opaque,
    local_shell_call: opaque,
    local_shell_call_output: opaque,
    mcp_approval_request: opaque,
    mcp_call: opaque,
    mcp_list_tools: opaque,
    program: opaque,
    program_output: opaque,
    shell_call: opaque,
    shell_call_output: opaque,
    tool_search_call: opaque,
  } satisfies Missing<TypesOf<OpenAI.Responses.ResponseInputItem>, wire.OutputItem['type'] | ReadItem>,
  contents: {} satisfies Missing<
    TypesOf<OpenAI.Responses.ResponseContent>,
    wire.OutputText['type'] | wire.Refusal['type'] | ReadContent
  >,
  annotations: {
    container_file_citation: 'read by its file name',
    file_citation: 'read by its file name',
    file_path: 'names nothing that others could show',
  } satisfies Missing<TypesOf<OpenAI.Responses.ResponseOutputText['annotations'][number]>, wire.UrlCitation['type']>,
  statuses: {
    cancelled: 'of background answers, which are passed through',
    queued: 'of background answers, which are passed through',
  } satisfies Missing<OpenAI.Responses.ResponseStatus, wire.Changing['status']>,
  incomplete: {
    max_messages: 'read as another reason',
    steered: 'read as another reason',
  } satisfies Missing<NonNullable<Sdk['incomplete_details']>['reason'], wire.IncompleteReason>,
  tools: {
    apply_patch: opaque,
    computer: opaque,
    computer_use_preview: opaque,
    file_search: opaque,
    local_shell: opaque,
    mcp: opaque,
    programmatic_tool_calling: opaque,
    shell: opaque,
    tool_search: opaque,
  } satisfies Missing<TypesOf<OpenAI.Responses.Tool>, ReadTool>,
  answerMembers: {
    image: vendor,
    input_transformations: vendor,
    moderation: vendor,
    prompt: vendor,
    prompt_cache_diagnostics: vendor,
    prompt_cache_options: vendor,
    prompt_cache_retention: vendor,
    tool_usage: vendor,
    conversation: 'read from upstreams; goes back to this dialect',
    output_text: 'made by the SDK itself',
  } satisfies Missing<keyof Sdk, keyof wire.ResponseObject>,
  requestMembers: {
    access_programs: own,
    background: own,
    context_management: own,
    image: own,
    moderation: own,
    prompt_cache_options: own,
    prompt_cache_retention: own,
    stream_options: own,
  } satisfies Missing<MembersOf<SdkBody>, ReadMember>,
};

/** What the decoders know by name beside what the encoders write. */
type ReadEvent = 'response.queued' | 'response.reasoning_text.delta' | 'response.reasoning_text.done';
type ReadItem =
  | 'function_call_output'
  | 'custom_tool_call_output'
  | 'additional_tools'
  | 'tool_search_output'
  | 'mcp_approval_response';
type ReadContent = 'input_text' | 'input_image' | 'input_file' | 'reasoning_text';
type ReadTool = 'function' | 'custom' | 'namespace' | 'code_interpreter' | 'image_generation' | `web_search${string}`;
type ReadMember =
  | 'model'
  | 'stream'
  | 'instructions'
  | 'input'
  | 'tools'
  | 'tool_choice'
  | 'parallel_tool_calls'
  | 'text'
  | 'reasoning'
  | 'max_output_tokens'
  | 'temperature'
  | 'top_p'
  | 'top_logprobs'
  | 'prompt_cache_key'
  | 'user'
  | 'metadata'
  | 'service_tier'
  | 'store'
  | 'safety_identifier'
  | 'previous_response_id'
  | 'prompt'
  | 'conversation'
  | 'include'
  | 'max_tool_calls'
  | 'truncation';

/** What we write beyond the SDK's types. */
const beyond = {
  answerMembers: {
    frequency_penalty: 'in the answers of the API, not in the type',
    presence_penalty: 'in the answers of the API, not in the type',
    store: 'in the answers of the API, not in the type',
  } satisfies Missing<keyof wire.ResponseObject, keyof Sdk>,
  itemMembers: {} satisfies Missing<MembersOf<wire.OutputItem>, MembersOf<SdkItem>>,
  eventMembers: {
    name: 'of function_call_arguments.done in the API reference',
  } satisfies Missing<MembersOf<wire.StreamEvent>, MembersOf<SdkEvent>>,
  events: {} satisfies Missing<wire.StreamEvent['type'], SdkEvent['type']>,
  incomplete: {} satisfies Missing<wire.IncompleteReason, NonNullable<Sdk['incomplete_details']>['reason']>,
};

test('every exception has a reason', () => {
  expect(withoutReason({ ...notHandled, ...beyond })).toEqual([]);
});

test('what we write can be read as the types of the SDK', () => {
  expectTypeOf<Checks>().not.toBeAny();
  expectTypeOf<Short>().toBeNever();
});
