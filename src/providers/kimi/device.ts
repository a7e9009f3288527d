import { vendorText } from '../../auth/vendor-api.ts';
import { version } from '../../version.ts';
import type { AccountFields } from '../provider.ts';

/** Kimi ties a login to a device. Ours says what it is; its id was made up for the login and means nothing else. */
export function deviceHeaders(fields: AccountFields): Readonly<Record<string, string>> {
  const id = vendorText(fields['device_id']);
  return {
    'x-msh-platform': 'llmproxy',
    'x-msh-version': version,
    'x-msh-device-name': 'llmproxy',
    'x-msh-device-model': `${process.platform} ${process.arch}`,
    ...(id === undefined ? {} : { 'x-msh-device-id': id }),
  };
}
