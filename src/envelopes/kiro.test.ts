import { expect, it } from 'vitest';
import type { EnvelopeContext } from './envelope.ts';
import { kiroEnvelope } from './kiro.ts';

const context = (more: Partial<EnvelopeContext> = {}): EnvelopeContext => ({
  operation: 'generate',
  model: 'm',
  stream: true,
  parameters: {},
  session: undefined,
  headers: {},
  newUuid: () => 'fresh',
  ...more,
});

const user = (origin: string) => ({ userInputMessage: { content: 'a', origin } });
const body = { conversationState: { currentMessage: user('AI_EDITOR') }, inferenceConfig: {} };

it('names the conversation', () => {
  expect(kiroEnvelope.wrap?.(body, context())).toEqual({
    conversationState: { conversationId: 'fresh', currentMessage: user('AI_EDITOR') },
    inferenceConfig: {},
  });
  const session = '00112233-4455-6677-8899-aabbccddeeff';
  expect(kiroEnvelope.wrap?.(body, context({ session }))).toMatchObject({
    conversationState: { conversationId: session },
  });
  expect(kiroEnvelope.wrap?.(body, context({ session: `x${session}` }))).toMatchObject({
    conversationState: { conversationId: 'fresh' },
  });
  const own = { conversationState: { ...body.conversationState, conversationId: 'own' } };
  expect(kiroEnvelope.wrap?.(own, context())).toMatchObject({ conversationState: { conversationId: 'own' } });
});

it('says whose allowance it counts on, in every turn of the user, and the profile', () => {
  const answer = { assistantResponseMessage: { content: 'b' } };
  const history = [user('AI_EDITOR'), answer];
  const parameters = { origin: 'CLI', profileArn: 'arn:x' };
  const long = { conversationState: { ...body.conversationState, history } };
  expect(kiroEnvelope.wrap?.(long, context({ parameters }))).toEqual({
    conversationState: { conversationId: 'fresh', currentMessage: user('CLI'), history: [user('CLI'), answer] },
    profileArn: 'arn:x',
  });
});

it('a body that a rule has emptied is still one', () => {
  expect(kiroEnvelope.wrap?.({}, context({ parameters: { origin: 'CLI' } }))).toEqual({
    conversationState: { conversationId: 'fresh', currentMessage: undefined },
  });
});
