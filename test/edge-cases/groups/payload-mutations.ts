/** What payload rules write. */
import { expect } from 'vitest';
import { withoutImageGeneration } from '../../../src/payload/index.ts';
import type { Group } from '../ledger.ts';
import { every, withRules } from '../payload.ts';
import { reasons } from '../reasons.ts';

const override = (params: Readonly<Record<string, unknown>>) => ({ override: [{ models: every, params }] });
const raw = (params: Readonly<Record<string, unknown>>) => ({ 'override-raw': [{ models: every, params }] });

export const payloadMutations: Group = {
  group: 'payload_mutations',
  entries: [
    {
      names: [
        'SetStringIfDifferentReusesCanonicalValue',
        'SetBoolIfDifferentReusesCanonicalValue',
        'ApplyPayloadConfigReusesCanonicalOverrides',
      ],
      note: 'a body that says it already is the very same afterwards, and its bytes go on as they came',
      run() {
        const body = { a: 'x', b: true, c: { d: 7 } };
        expect(withRules(override({ a: 'x', b: true, 'c.d': 7 }), body)).toBe(body);
      },
    },
    {
      names: ['SetStringIfDifferentNormalizesWrongType', 'SetBoolIfDifferentNormalizesWrongType'],
      run() {
        expect(withRules(override({ a: '7', b: true }), { a: 7, b: 'true' })).toEqual({ a: '7', b: true });
      },
    },
    {
      names: ['SetRawIfDifferentReusesIdenticalRawValue'],
      run() {
        const body = { a: { b: [1, 2] } };
        expect(withRules(raw({ a: '{"b": [1, 2]}' }), body)).toBe(body);
      },
    },
    {
      names: ['SetRawIfDifferentUpdatesDifferentRawValue'],
      run() {
        expect(withRules(raw({ a: '{"b": [1, 2, 3]}' }), { a: { b: [1, 2] } })).toEqual({ a: { b: [1, 2, 3] } });
      },
    },
    {
      names: ['ApplyPayloadConfigProjectionOverrideWritesEveryMatch'],
      run() {
        const tools = [{ type: 'a' }, { type: 'b' }, { type: 'a', x: 0 }];
        expect(withRules(override({ 'tools.#(type=="a")#.x': 1 }), { tools })).toEqual({
          tools: [{ type: 'a', x: 1 }, { type: 'b' }, { type: 'a', x: 1 }],
        });
        expect(withRules(override({ 'tools.#(type=="a").x': 1 }), { tools })).toEqual({
          tools: [{ type: 'a', x: 1 }, { type: 'b' }, { type: 'a', x: 0 }],
        });
      },
    },
    {
      names: ['ApplyPayloadConfigProjectionOverrideRawWritesEveryMatch'],
      run() {
        const tools = [{ type: 'a' }, { type: 'a' }];
        const after = withRules(raw({ 'tools.#(type=="a")#.x': '{"y":1}' }), { tools });
        expect(after).toEqual({ tools: tools.map((tool) => ({ ...tool, x: { y: 1 } })) });
      },
    },
    {
      names: ['SetPayloadValueIfDifferentUsesSJSONNumberEncoding'],
      note: 'numbers are those of JSON: what YAML has beyond them becomes null',
      run() {
        const params = { a: 1e21, b: 0.1, c: -0, d: Number.NaN, e: 1.0 };
        expect(JSON.stringify(withRules(override(params), {}))).toBe('{"a":1e+21,"b":0.1,"c":0,"d":null,"e":1}');
      },
    },
    {
      names: ['RemoveToolTypeReusesArrayWithoutMatch'],
      run() {
        const body = { tools: [{ type: 'function', name: 'image_generation' }], tool_choice: 'auto' };
        expect(withoutImageGeneration(body)).toBe(body);
      },
    },
    {
      names: ['ApplyPayloadConfigNormalizesByteSliceOverride', 'SetPayloadValueIfDifferentCallsMarshalerOnce'],
      because: reasons.goInternal,
    },
    { names: ['ApplyPayloadConfigWithRequestTrackedReportsContextManagementTouches'], because: reasons.imitation },
  ],
};
