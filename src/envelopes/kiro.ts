/** What Kiro's service wants to know beyond the conversation itself. */
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/index.ts';
import type { Envelope } from './envelope.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Adds the conversation's id, the account's profile (`profileArn`), where it has one, and on whose allowance it counts
 * (`origin`), which must fit the address.
 */
export const kiroEnvelope: Envelope = {
  wrap(body, { parameters, session, newUuid }) {
    const state = isJsonObject(body['conversationState']) ? body['conversationState'] : {};
    const { profileArn, origin } = parameters;
    const { history } = state;
    const conversationState: JsonObject = {
      conversationId: session !== undefined && UUID.test(session) ? session : newUuid(),
      ...state,
      currentMessage: withOrigin(state['currentMessage'], origin),
      ...(Array.isArray(history) && { history: history.map((turn: JsonValue) => withOrigin(turn, origin) ?? null) }),
    };
    return { ...body, conversationState, ...(profileArn !== undefined && { profileArn }) };
  },
};

function withOrigin(turn: JsonValue | undefined, origin: string | undefined): JsonValue | undefined {
  if (origin === undefined || !isJsonObject(turn) || !isJsonObject(turn['userInputMessage'])) return turn;
  return { ...turn, userInputMessage: { ...turn['userInputMessage'], origin } };
}
