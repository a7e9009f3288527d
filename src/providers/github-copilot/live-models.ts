import {
  askVendor,
  isVendorFields,
  type VendorFields,
  vendorList,
  vendorNumber,
  vendorText,
} from '../../auth/vendor-api.ts';
import type { ModelInfo } from '../../models/model-info.ts';
import type { AccountFields, AccountIo } from '../provider.ts';
import { exchange, USUAL_API } from './exchange.ts';
import { clientHeaders, product } from './headers.ts';

/** By what the service calls an endpoint; in the order in which a model is best served. */
const DIALECTS = [
  ['/v1/messages', 'anthropic-messages'],
  ['/chat/completions', 'openai-chat'],
  ['/responses', 'openai-responses'],
] as const;

/** The models of the account's plan. */
export async function listModels(fields: AccountFields, io: AccountIo): Promise<readonly ModelInfo[]> {
  const current = await withToken(fields, io);
  const token = vendorText(current['copilot_token']) ?? '';
  const headers = { authorization: `Bearer ${token}`, 'user-agent': product, ...clientHeaders(fields) };
  const url = `${vendorText(current['copilot_api']) ?? USUAL_API}/models`;
  const answer = await askVendor({ url, headers, secrets: [token] }, io);
  return vendorList(answer['data']).flatMap(readModel);
}

/** The token of the record may have ended; one for this question only is not kept. */
async function withToken(fields: AccountFields, io: AccountIo): Promise<AccountFields> {
  const endMs = Date.parse(vendorText(fields['copilot_expires_at']) ?? '');
  const isFresh = vendorText(fields['copilot_token']) !== undefined && endMs > io.nowMs + 30_000;
  return isFresh ? fields : { ...fields, ...(await exchange(fields, io)) };
}

/** Others than chat models are not served; a model that the plan's owner switched off is no model. */
function readModel(wire: VendorFields): readonly ModelInfo[] {
  const id = vendorText(wire['id']);
  const { type, limits, supports } = fieldsOf(wire['capabilities']);
  if (id === undefined || (type !== undefined && type !== 'chat')) return [];
  if (fieldsOf(wire['policy'])['state'] === 'disabled') return [];
  const name = vendorText(wire['name']);
  const vendor = vendorText(wire['vendor']);
  const contextLength = vendorNumber(fieldsOf(limits)['max_context_window_tokens']);
  const maxOutputTokens = vendorNumber(fieldsOf(limits)['max_output_tokens']);
  return [
    {
      id,
      ...(name === undefined ? {} : { displayName: name }),
      ...(vendor === undefined ? {} : { ownedBy: vendor.toLowerCase() }),
      ...(contextLength === undefined ? {} : { contextLength }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      capabilities: readCapabilities(fieldsOf(supports)),
      dialects: readDialects(wire['supported_endpoints']),
    },
  ];
}

function readCapabilities(supports: VendorFields): NonNullable<ModelInfo['capabilities']> {
  const said = {
    tools: 'tool_calls',
    vision: 'vision',
    streaming: 'streaming',
    structuredOutput: 'structured_outputs',
  };
  const known = Object.entries(said).map(([name, member]) => [name, supports[member]] as const);
  return Object.fromEntries(known.filter(([, value]) => typeof value === 'boolean'));
}

/** Models from before there was more than one endpoint do not say: they are on Chat. */
function readDialects(endpoints: unknown): NonNullable<ModelInfo['dialects']> {
  const listed: readonly unknown[] = Array.isArray(endpoints) ? endpoints : [];
  const found = DIALECTS.filter(([path]) => listed.includes(path)).map(([, dialect]) => dialect);
  return found.length === 0 ? ['openai-chat'] : found;
}

function fieldsOf(value: unknown): VendorFields {
  return isVendorFields(value) ? value : {};
}
