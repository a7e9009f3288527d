/** Our Claude Messages types against `@anthropic-ai/sdk`: checked by the compiler, which names what is missing. */
import type Anthropic from '@anthropic-ai/sdk';
import { expect, expectTypeOf, test } from 'vitest';
import type * as request from '../../src/dialects/anthropic-messages/request-types.ts';
import type * as wire from '../../src/dialects/anthropic-messages/wire-types.ts';
import {
  type AssertAssignable,
  type MembersOf,
  type Missing,
  type TypesOf,
  type Wire,
  withoutReason,
} from './compare.ts';

type SdkBody = Anthropic.MessageCreateParamsNonStreaming;
/** Media types are the client's own words, and a result may hold media. */
type Inexact = request.ImageParam | request.DocumentParam | request.ToolResultParam;
type OurBody = Wire<Omit<request.MessageRequest, 'messages' | 'output_config' | 'stream'>>;

/** What we write can be read as the SDK's types. */
type Checks = [
  AssertAssignable<Wire<wire.Message>, Anthropic.Message>,
  AssertAssignable<Wire<wire.ContentBlock>, Anthropic.ContentBlock>,
  AssertAssignable<Wire<wire.StreamEvent>, Anthropic.RawMessageStreamEvent>,
  AssertAssignable<Wire<wire.BlockDelta>, Anthropic.RawContentBlockDelta>,
  AssertAssignable<Exclude<wire.ErrorType, 'request_too_large'>, Anthropic.ErrorType>,
  AssertAssignable<Wire<wire.TokenCount>, Anthropic.MessageTokensCount>,
  AssertAssignable<request.MessageParam['role'], Anthropic.MessageParam['role']>,
  AssertAssignable<Wire<Exclude<request.BlockParam, Inexact>>, Anthropic.ContentBlockParam>,
  AssertAssignable<Wire<request.FunctionParam | request.SearchParam>, Anthropic.ToolUnion>,
  AssertAssignable<Wire<request.ToolChoice>, Anthropic.ToolChoice>,
  AssertAssignable<Wire<request.Thinking>, Anthropic.ThinkingConfigParam>,
  AssertAssignable<Wire<request.OutputFormat>, Anthropic.JSONOutputFormat>,
  AssertAssignable<OurBody, Omit<SdkBody, 'messages'>>,
];

const opaque = 'passed on whole to Claude, and named as lost elsewhere';
const own = 'carried to Claude as it came, and named as lost elsewhere';
const byPrefix = 'read by its prefix, whatever its date';

/** What the SDK has and we neither write nor know by name. */
const notHandled = {
  stopReasons: {} satisfies Missing<Anthropic.StopReason, wire.StopReason>,
  streamEvents: {} satisfies Missing<TypesOf<Anthropic.RawMessageStreamEvent>, wire.StreamEvent['type']>,
  blockDeltas: {} satisfies Missing<TypesOf<Anthropic.RawContentBlockDelta>, wire.BlockDelta['type']>,
  answerBlocks: {
    bash_code_execution_tool_result: 'read as a result of code execution; written as the plain kind',
    text_editor_code_execution_tool_result: opaque,
    tool_search_tool_result: opaque,
    container_upload: opaque,
  } satisfies Missing<TypesOf<Anthropic.ContentBlock>, wire.ContentBlock['type']>,
  requestBlocks: {
    bash_code_execution_tool_result: 'read as a result of code execution; goes back as it came',
    text_editor_code_execution_tool_result: opaque,
    tool_search_tool_result: opaque,
    container_upload: opaque,
    search_result: opaque,
  } satisfies Missing<TypesOf<Anthropic.ContentBlockParam>, request.BlockParam['type'] | wire.ContentBlock['type']>,
  citations: {
    char_location: 'read by its quote and title; others have web pages only',
    content_block_location: 'read by its quote and title; others have web pages only',
    page_location: 'read by its quote and title; others have web pages only',
    search_result_location: 'read by its source, if that is a web address',
  } satisfies Missing<TypesOf<Anthropic.TextCitation>, wire.Citation['type']>,
  tools: {
    bash_20250124: opaque,
    browser_toolset_20260801: opaque,
    code_execution_20250522: byPrefix,
    code_execution_20250825: byPrefix,
    code_execution_20260120: byPrefix,
    code_execution_20260521: byPrefix,
    computer_toolset_20260801: opaque,
    memory_20250818: opaque,
    text_editor_20250124: opaque,
    text_editor_20250429: opaque,
    text_editor_20250728: opaque,
    tool_search_tool_bm25: opaque,
    tool_search_tool_bm25_20251119: opaque,
    tool_search_tool_regex: opaque,
    tool_search_tool_regex_20251119: opaque,
    web_fetch_20250910: byPrefix,
    web_fetch_20260209: byPrefix,
    web_fetch_20260309: byPrefix,
    web_fetch_20260318: byPrefix,
    web_search_20260209: byPrefix,
    web_search_20260318: byPrefix,
  } satisfies Missing<TypesOf<Anthropic.ToolUnion>, 'custom' | request.SearchParam['type']>,
  toolChoices: {} satisfies Missing<TypesOf<Anthropic.ToolChoice>, request.ToolChoice['type']>,
  thinking: { between_tools: own } satisfies Missing<TypesOf<Anthropic.ThinkingConfigParam>, request.Thinking['type']>,
  errors: {
    memory_path_conflict_error: 'of the memory stores, which are not proxied',
    memory_precondition_failed_error: 'of the memory stores, which are not proxied',
  } satisfies Missing<Anthropic.ErrorType, wire.ErrorType>,
  serviceTiers: {} satisfies Missing<SdkBody['service_tier'], request.MessageRequest['service_tier']>,
  answerMembers: {} satisfies Missing<keyof Anthropic.Message, keyof wire.Message>,
  usageMembers: {} satisfies Missing<keyof Anthropic.Usage, keyof wire.Usage>,
  blockMembers: {
    file_id: 'of container_upload, which is passed on whole',
    toolset_name: 'of the browser and computer toolsets: only where bytes pass through',
  } satisfies Missing<MembersOf<Anthropic.ContentBlock>, MembersOf<wire.ContentBlock>>,
  requestMembers: {
    cache_control: own,
    container: own,
    diagnostics: own,
    inference_geo: own,
    speed: 'the fast tier of others; to Claude as it came',
    user_profile_id: own,
    workspace_id: own,
  } satisfies Missing<MembersOf<SdkBody>, keyof request.MessageRequest>,
};

/** What we write beyond the SDK's types. */
const beyond = {
  answerMembers: {} satisfies Missing<keyof wire.Message, keyof Anthropic.Message>,
  usageMembers: {} satisfies Missing<keyof wire.Usage, keyof Anthropic.Usage>,
  blockMembers: {} satisfies Missing<MembersOf<wire.ContentBlock>, MembersOf<Anthropic.ContentBlock>>,
  partMembers: {} satisfies Missing<MembersOf<request.BlockParam>, MembersOf<Anthropic.ContentBlockParam>>,
  errors: { request_too_large: "HTTP 413 in the API's reference" } satisfies Missing<
    wire.ErrorType,
    Anthropic.ErrorType
  >,
  requestMembers: {
    temperature: 'of the models before those that the SDK is for',
    top_k: 'of the models before those that the SDK is for',
    top_p: 'of the models before those that the SDK is for',
  } satisfies Missing<keyof request.MessageRequest, MembersOf<SdkBody>>,
};

test('every exception has a reason', () => {
  expect(withoutReason({ ...notHandled, ...beyond })).toEqual([]);
});

test('what we write can be read as the types of the SDK', () => {
  expectTypeOf<Checks>().not.toBeAny();
});
