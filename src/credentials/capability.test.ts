import { describe, expect, it } from 'vitest';
import { credential } from '../../test/support/test-target.ts';
import type { ModelInfo } from '../models/model-info.ts';
import { echo } from '../providers/echo/index.ts';
import type { Target } from '../routing/target.ts';
import { isCapable, splitterOf } from './capability.ts';
import { createCredentialManager } from './manager.ts';
import type { RequestNeeds } from './pool.ts';
import { createStrategy } from './strategies/index.ts';

const plain: RequestNeeds = { stream: false, tools: false, vision: false, inputTokens: 10 };

function target(id: string, info?: Partial<ModelInfo>, priority = 0): Target {
  return {
    credential: credential(id, { priority }),
    provider: echo,
    model: 'm',
    info: info && { id: 'm', ...info },
    forceMapping: false,
  };
}

const names = (lists: readonly (readonly Target[])[] = []): string =>
  lists.map((list) => list.map(({ credential }) => credential.id).join('')).join('|');

describe('a model', () => {
  const can = (info: Partial<ModelInfo> | undefined, needs: Partial<RequestNeeds>): boolean =>
    isCapable(info && { id: 'm', ...info }, { ...plain, ...needs });

  it.each<[Partial<ModelInfo> | undefined, Partial<RequestNeeds>, boolean]>([
    [undefined, { tools: true, vision: true, stream: true, inputTokens: 1e9 }, true],
    [{}, { tools: true, vision: true, stream: true, inputTokens: 1e9 }, true],
    [{ capabilities: { tools: false } }, { tools: true }, false],
    [{ capabilities: { tools: false } }, { vision: true, stream: true }, true],
    [{ capabilities: { tools: true } }, { tools: true }, true],
    [{ capabilities: { vision: false } }, { vision: true }, false],
    [{ capabilities: { vision: false } }, { tools: true }, true],
    [{ capabilities: { streaming: false } }, { stream: true }, false],
    [{ capabilities: { streaming: false } }, {}, true],
    [{ contextLength: 100 }, { inputTokens: 100 }, true],
    [{ contextLength: 100 }, { inputTokens: 101 }, false],
  ])('%j with %j: %s', (info, needs, expected) => {
    expect(can(info, needs)).toBe(expected);
  });
});

describe('targets', () => {
  const blind = target('b', { capabilities: { vision: false }, contextLength: 1000 });
  const seeing = target('s', { capabilities: { vision: true }, contextLength: 500 });
  const unknown = target('u');

  it('that do not differ are not split', () => {
    expect(splitterOf([unknown, target('v', { capabilities: { vision: true, audio: false } })])).toBeUndefined();
    expect(splitterOf([])).toBeUndefined();
  });

  it('are split into able and unable ones, in their order', () => {
    const splitter = splitterOf([blind, seeing, unknown]);
    expect(names(splitter?.split({ ...plain, vision: true }))).toBe('su|b');
    expect(names(splitter?.split({ ...plain, inputTokens: 700 }))).toBe('bu|s');
    expect(names(splitter?.split(plain))).toBe('bsu');
    expect(names(splitter?.split({ ...plain, vision: true, inputTokens: 700 }))).toBe('u|bs');
  });

  it('all stay when nobody is able', () => {
    const targets = [blind, seeing];
    const lists = splitterOf(targets)?.split({ ...plain, vision: true, inputTokens: 700 });
    expect(lists?.[0]).toBe(targets);
    expect(lists).toHaveLength(1);
  });

  it('give the same lists for the same outcome', () => {
    const splitter = splitterOf([blind, seeing]);
    expect(splitter?.split({ ...plain, vision: true })).toBe(splitter?.split({ ...plain, vision: true, tools: true }));
  });
});

describe('the manager', () => {
  const manager = createCredentialManager({
    clock: { now: () => 0 },
    strategy: createStrategy('round-robin'),
    settings: { transientMs: 0, disableCooling: false },
  });
  const pick = (targets: readonly Target[], needs: Partial<RequestNeeds>, ...tried: string[]): string =>
    manager.pick({ model: 'm', targets, tried: new Set(tried), needs: () => ({ ...plain, ...needs }) })?.credential
      .id ?? '-';

  it('takes who is able, whatever its priority, then the others', () => {
    const targets = [target('blind', { capabilities: { vision: false } }, 5), target('seeing')];
    expect(pick(targets, { vision: true })).toBe('seeing');
    expect(pick(targets, { vision: true }, 'seeing')).toBe('blind');
    expect(pick(targets, {})).toBe('blind');
  });

  it('a conversation that shows a picture moves to who can see, and is kept there', () => {
    const targets = [target('blind', { capabilities: { vision: false } }), target('seeing')];
    const ask = (vision: boolean): string | undefined =>
      manager.pick({
        model: 'm2',
        targets,
        tried: new Set(),
        session: () => ({ key: 's' }),
        needs: () => ({ ...plain, vision }),
      })?.credential.id;
    expect([ask(false), ask(true), ask(true)]).toEqual(['blind', 'seeing', 'seeing']);
  });

  it('does not ask what the request needs when the models do not differ', () => {
    const needs = (): RequestNeeds => {
      throw new Error('asked');
    };
    const targets = [target('a'), target('b')];
    expect(manager.pick({ model: 'm3', targets, tried: new Set(), needs })?.credential.id).toBe('a');
  });
});
