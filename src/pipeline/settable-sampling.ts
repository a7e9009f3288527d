import type { GenerationRequest, Sampling, TranslationWarning } from '../ir/index.ts';
import type { ModelInfo } from '../models/model-info.ts';

/** A request without sampling settings that the model refuses; paths of the hub in the warnings. */
interface SettableRequest {
  readonly request: GenerationRequest;
  readonly warnings: readonly TranslationWarning[];
}

/** Refused together; a value that says what the default says is no loss. */
const refusable: readonly (readonly [name: keyof Sampling, byDefault?: number])[] = [
  ['temperature', 1],
  ['topP', 1],
  ['topK'],
];

/** Sampling settings that the model is known to refuse are left out: clients of other dialects send them to any model. */
export function withSettableSampling(request: GenerationRequest, info: ModelInfo | undefined): SettableRequest {
  const { sampling } = request;
  const found = refusable.filter(([name]) => sampling[name] !== undefined);
  if (found.length === 0 || !refuses(request, info)) return { request, warnings: [] };
  const lost = found.filter(([name, byDefault]) => sampling[name] !== byDefault);
  const { temperature: _temperature, topP: _topP, topK: _topK, ...rest } = sampling;
  return {
    request: { ...request, sampling: rest },
    warnings: lost.map(([name]) => ({ path: `sampling.${name}`, reason: `${info?.id} refuses this setting` })),
  };
}

function refuses({ reasoning }: GenerationRequest, info: ModelInfo | undefined): boolean {
  switch (info?.capabilities?.sampling) {
    case undefined:
    case true:
      return false;
    case false:
      return true;
    case 'without-reasoning':
      return reasoning?.effort !== undefined && reasoning.effort !== 'none';
  }
}
