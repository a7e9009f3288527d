import type { QuotaReading } from '../../auth/login.ts';
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
import { deviceHeaders } from './device.ts';
import { models } from './models.ts';

const API = 'https://api.kimi.com/coding/v1';

/** The week's allowance, and that of each shorter window. */
export async function readUsages(fields: AccountFields, io: AccountIo): Promise<readonly QuotaReading[]> {
  const answer = await ask('usages', fields, io);
  const { usage } = answer;
  const week = isVendorFields(usage) ? [readDetail('week', usage)] : [];
  const windows = vendorList(answer['limits']).map((limit) => {
    const detail = isVendorFields(limit['detail']) ? limit['detail'] : limit;
    return readDetail(nameOf(limit), detail);
  });
  return [...week, ...windows];
}

/** Models that the account can use, under the names of the catalogue where it knows them. */
export async function listModels(fields: AccountFields, io: AccountIo): Promise<readonly ModelInfo[]> {
  const answer = await ask('models', fields, io);
  return vendorList(answer['data']).flatMap((wire) => {
    const id = vendorText(wire['id']);
    if (id === undefined) return [];
    const known = models.find((model) => model.id === id || model.id === `kimi-${id}`);
    const contextLength = vendorNumber(wire['context_length']);
    if (known !== undefined) return [known];
    return [
      { id, ownedBy: 'moonshotai', unsignedReasoning: true, ...(contextLength === undefined ? {} : { contextLength }) },
    ];
  });
}

function ask(page: string, fields: AccountFields, io: AccountIo): Promise<VendorFields> {
  const token = vendorText(fields['access_token']) ?? '';
  const headers = { authorization: `Bearer ${token}`, ...deviceHeaders(fields) };
  return askVendor({ url: `${API}/${page}`, headers, secrets: [token] }, io);
}

function readDetail(name: string, detail: VendorFields): QuotaReading {
  const limit = vendorNumber(detail['limit']);
  const left = vendorNumber(detail['remaining']);
  const used = vendorNumber(detail['used']) ?? (limit !== undefined && left !== undefined ? limit - left : undefined);
  const remaining = left ?? (limit !== undefined && used !== undefined ? limit - used : undefined);
  const resets = Date.parse(vendorText(detail['resetTime']) ?? vendorText(detail['reset_at']) ?? '');
  return {
    name,
    ...(limit !== undefined && limit > 0 && remaining !== undefined
      ? { remaining: Math.min(1, Math.max(0, remaining / limit)) }
      : {}),
    ...(used === undefined ? {} : { used }),
    ...(limit === undefined ? {} : { limit }),
    ...(Number.isNaN(resets) ? {} : { resetsAtMs: resets }),
  };
}

/** `{ duration: 300, timeUnit: 'TIME_UNIT_MINUTE' }` -> `5 hours`. */
function nameOf(limit: VendorFields): string {
  const window = isVendorFields(limit['window']) ? limit['window'] : {};
  const duration = vendorNumber(window['duration']);
  const unit = /MINUTE|HOUR|DAY/.exec(vendorText(window['timeUnit']) ?? '')?.[0];
  if (duration === undefined || unit === undefined) return vendorText(limit['name']) ?? 'window';
  const isHours = unit === 'MINUTE' && duration % 60 === 0;
  return isHours ? `${duration / 60} hours` : `${duration} ${unit.toLowerCase()}s`;
}
