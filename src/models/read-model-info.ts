import type { ModelCapabilities, ModelInfo, ReasoningSupport } from './model-info.ts';

type Members = Readonly<Record<string, unknown>>;

/** A model as it was written as JSON; undefined for what is none. Members that are not as they should be are left out. */
export function readModelInfo(value: unknown): ModelInfo | undefined {
  if (!isMembers(value)) return undefined;
  const { id } = value;
  if (typeof id !== 'string' || id === '') return undefined;
  const { capabilities, reasoning } = value;
  const dialects = textsOf(value['dialects']);
  return {
    id,
    ...texts(value, ['displayName', 'ownedBy']),
    ...numbers(value, ['createdAtS', 'contextLength', 'maxOutputTokens']),
    ...(isMembers(capabilities) && { capabilities: readCapabilities(capabilities) }),
    ...(isMembers(reasoning) && { reasoning: readReasoning(reasoning) }),
    ...flags(value, ['unsignedReasoning']),
    ...(dialects && { dialects }),
  };
}

function readCapabilities(value: Members): ModelCapabilities {
  const { sampling } = value;
  return {
    ...flags(value, ['tools', 'vision', 'audio', 'documents', 'streaming', 'structuredOutput', 'reasoning']),
    ...((typeof sampling === 'boolean' || sampling === 'without-reasoning') && { sampling }),
  };
}

function readReasoning(value: Members): ReasoningSupport {
  const levels = textsOf(value['levels']);
  return {
    ...(levels && { levels }),
    ...numbers(value, ['minBudget', 'maxBudget']),
    ...flags(value, ['zeroAllowed', 'dynamicAllowed']),
  };
}

function texts<Name extends string>(value: Members, names: readonly Name[]): { [name in Name]?: string } {
  return some(value, names, (member) => (typeof member === 'string' ? member : undefined));
}

function numbers<Name extends string>(value: Members, names: readonly Name[]): { [name in Name]?: number } {
  return some(value, names, (member) => (typeof member === 'number' && member >= 0 ? member : undefined));
}

function flags<Name extends string>(value: Members, names: readonly Name[]): { [name in Name]?: boolean } {
  return some(value, names, (member) => (typeof member === 'boolean' ? member : undefined));
}

function some<Name extends string, T>(
  value: Members,
  names: readonly Name[],
  read: (member: unknown) => T | undefined,
): { [name in Name]?: T } {
  const found: { [name in Name]?: T } = {};
  for (const name of names) {
    const member = read(value[name]);
    if (member !== undefined) found[name] = member;
  }
  return found;
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((item) => typeof item === 'string');
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
