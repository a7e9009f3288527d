import {
  callVendor,
  isVendorFields,
  type VendorFields,
  vendorList,
  vendorNumber,
  vendorRefusal,
  vendorText,
} from '../../auth/vendor-api.ts';
import type { ModelInfo } from '../../models/model-info.ts';
import type { AccountIo } from '../provider.ts';

/** All models, paid ones too: who pays is the account's business. */
export async function listModels(
  url: string,
  headers: Readonly<Record<string, string>>,
  io: AccountIo,
): Promise<readonly ModelInfo[]> {
  const call = { url, headers };
  const answer = await callVendor(call, io);
  if (!answer.ok) throw vendorRefusal(call, answer);
  const listed = isVendorFields(answer.body) ? answer.body['data'] : answer.body;
  const auto: ModelInfo = {
    id: 'kilo/auto',
    displayName: 'Kilo Auto',
    contextLength: 200_000,
    maxOutputTokens: 64_000,
  };
  const found = vendorList(listed).flatMap(readModel);
  return found.some(({ id }) => id === auto.id) ? found : [auto, ...found];
}

/** As OpenRouter describes models. */
function readModel(wire: VendorFields): readonly ModelInfo[] {
  const id = vendorText(wire['id']);
  if (id === undefined) return [];
  const name = vendorText(wire['name']);
  const contextLength = vendorNumber(wire['context_length']);
  const top = isVendorFields(wire['top_provider']) ? wire['top_provider'] : {};
  const maxOutputTokens = vendorNumber(top['max_completion_tokens']);
  return [
    {
      id,
      ...(name === undefined ? {} : { displayName: name }),
      ...(contextLength === undefined ? {} : { contextLength }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      capabilities: readCapabilities(wire),
    },
  ];
}

/** Lists that are missing say nothing. */
function readCapabilities({
  supported_parameters: parameters,
  architecture,
}: VendorFields): NonNullable<ModelInfo['capabilities']> {
  const inputs = isVendorFields(architecture) ? architecture['input_modalities'] : undefined;
  return {
    ...(Array.isArray(parameters) ? { tools: parameters.includes('tools') } : {}),
    ...(Array.isArray(inputs) ? { vision: inputs.includes('image') } : {}),
  };
}
