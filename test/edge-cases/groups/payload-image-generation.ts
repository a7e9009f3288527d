/** `disable-image-generation`, and which requests payload rules are for. */
import { expect } from 'vitest';
import type { JsonObject } from '../../../src/ir/index.ts';
import { withoutImageGeneration } from '../../../src/payload/index.ts';
import type { Group } from '../ledger.ts';
import { every, withRules } from '../payload.ts';
import { reasons } from '../reasons.ts';

const image = { type: 'image_generation' };
const other = { type: 'function', name: 'f' };

export const payloadImageGeneration: Group = {
  group: 'payload_helpers_disable_image_generation',
  entries: [
    {
      names: ['ApplyPayloadConfigWithRoot_DisableImageGeneration_RemovesToolsEntry'],
      run() {
        expect(withoutImageGeneration({ tools: [image, other], input: 'a' })).toEqual({ tools: [other], input: 'a' });
        expect(withoutImageGeneration({ tools: [image], tool_choice: 'auto', input: 'a' })).toEqual({ input: 'a' });
      },
    },
    {
      names: ['ApplyPayloadConfigWithRoot_DisableImageGeneration_RemovesToolChoiceByType'],
      run() {
        const body = { tools: [image, other], tool_choice: image };
        expect(withoutImageGeneration(body)).toEqual({ tools: [other] });
        expect(withoutImageGeneration({ tools: [other], tool_choice: other })).toEqual({
          tools: [other],
          tool_choice: other,
        });
      },
    },
    {
      names: [
        'ApplyPayloadConfigWithRoot_DisableImageGeneration_RemovesToolsEntryWithRoot',
        'ApplyPayloadConfigWithRoot_DisableImageGeneration_RemovesToolChoiceByNameWithRoot',
      ],
      because: reasons.otherAccounts,
    },
    {
      names: ['ApplyPayloadConfigWithRoot_DisableImageGenerationChat_KeepsImageGenerationOnImagesEndpoints'],
      because: reasons.images,
    },
    {
      names: ['ApplyPayloadConfigWithRoot_DisableImageGenerationPassthrough_KeepsPayloadUnchanged'],
      test: 'test/integration/payload-rules.test.ts > image generation switched off',
    },
    {
      names: ['ApplyPayloadConfigWithRoot_DisableImageGeneration_PayloadOverrideCanRestoreImageGeneration'],
      run() {
        const settings = { override: [{ models: every, params: { tools: [image] } }] };
        expect(withRules(settings, withoutImageGeneration({ tools: [image, other] }))).toEqual({ tools: [image] });
      },
    },
    {
      names: ['ApplyPayloadConfigWithRequest_HeaderGateRequiresWildcardMatch'],
      run() {
        const models = [{ name: '*', headers: { 'X-Team': 'red-*' } }];
        const settings = { override: [{ models, params: { a: 1 } }] };
        expect(withRules(settings, {}, { headers: { 'x-team': 'red-7' } })).toEqual({ a: 1 });
        for (const headers of [{}, { 'x-team': 'Red-7' }, { 'x-team': 'blue' }, { 'x-other': 'red-7' }] as const) {
          expect(withRules(settings, {}, { headers })).toEqual({});
        }
      },
    },
    {
      names: ['ApplyPayloadConfigWithRequest_FromProtocolGateUsesSourceProtocol'],
      run() {
        const after = (fromProtocol: string, client: string, upstream: string) =>
          withRules(
            { override: [{ models: [{ name: '*', 'from-protocol': fromProtocol }], params: { a: 1 } }] },
            {},
            { client, upstream },
          );
        for (const word of ['openai-response', 'openai-responses', 'response', 'Responses']) {
          expect(after(word, 'openai-responses', 'anthropic-messages')).toEqual({ a: 1 });
          expect(after(word, 'anthropic-messages', 'openai-responses')).toEqual({});
        }
        expect(after('claude', 'anthropic-messages', 'openai-chat')).toEqual({ a: 1 });
        expect(after('claude', 'openai-chat', 'anthropic-messages')).toEqual({});
      },
    },
    {
      names: [
        'ApplyPayloadConfigWithRequest_PayloadConditionsNarrowRule',
        'ApplyPayloadConfigWithRequest_PayloadConditionsSkipRule',
      ],
      run() {
        const selector = {
          name: '*',
          match: [{ 'metadata.kind': 'batch' }],
          'not-match': [{ 'tools.#(type=="web").type': 'web' }],
          exist: ['messages.0'],
          'not-exist': ['seed'],
        };
        const settings = { override: [{ models: [selector], params: { a: 1 } }] };
        const body: JsonObject = { metadata: { kind: 'batch' }, messages: ['x'], tools: [{ type: 'fn' }] };
        expect(withRules(settings, body)).toEqual({ ...body, a: 1 });
        for (const change of [
          { metadata: { kind: 'live' } },
          { tools: [{ type: 'fn' }, { type: 'web' }] },
          { messages: [] },
          { seed: null },
        ]) {
          const skipped = { ...body, ...change };
          expect(withRules(settings, skipped)).toBe(skipped);
        }
      },
    },
  ],
};
