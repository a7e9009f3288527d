import { ProxyError } from '../errors.ts';
import { isJsonObject } from '../ir/json.ts';
import { type ManagementAnswer, type ManagementRequest, refuse } from './answer.ts';
import type { ManagementRoute } from './management.ts';

/** Whose cooldowns are to end; without both: everybody's. */
export interface ResetQuestion {
  /** A credential's id, its label, or the name of an account's file. */
  readonly credential?: string;
  /** As clients call it. */
  readonly model?: string;
}

/** A cooldown that was ended. */
export interface EndedCooldown {
  readonly credentialId: string;
  /** Undefined: it was for all models. */
  readonly model: string | undefined;
}

const MAX_BYTES = 16 * 1024;

/** `POST /v0/management/cooldowns/reset`: ends cooldowns by hand. `reset` undefined: there is no such credential. */
export function resetRoute(reset: (question: ResetQuestion) => readonly EndedCooldown[] | undefined): ManagementRoute {
  return {
    method: 'POST',
    path: '/cooldowns/reset',
    async answer(request) {
      try {
        const question = questionIn(await textOf(request));
        if (question === undefined) return refuse(400, 'expected a JSON object: {"credential": "...", "model": "..."}');
        return answerOf(question, reset(question));
      } catch (error) {
        if (error instanceof ProxyError) return refuse(error.status, error.message);
        throw error;
      }
    },
  };
}

function answerOf({ credential }: ResetQuestion, ended: readonly EndedCooldown[] | undefined): ManagementAnswer {
  return ended === undefined ? refuse(404, `no credential "${credential}"`) : { status: 200, body: { reset: ended } };
}

async function textOf({ body }: ManagementRequest): Promise<string> {
  return body === undefined ? '' : (await body(MAX_BYTES)).toString('utf8');
}

/** Undefined: it is no question. A misspelt name must not reset everything. */
function questionIn(text: string): ResetQuestion | undefined {
  if (text.trim() === '') return {};
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  const { credential, model, ...others } = value;
  if (Object.keys(others).length > 0 || !isName(credential) || !isName(model)) return undefined;
  return { ...(credential !== undefined && { credential }), ...(model !== undefined && { model }) };
}

function isName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
