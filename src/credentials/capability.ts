import type { ModelInfo } from '../models/model-info.ts';
import type { Target } from '../routing/target.ts';
import type { RequestNeeds } from './pool.ts';

/** Orders targets by what their models can do. */
export interface Splitter {
  /** Who can serve the request, as far as anybody knows, then who is known not to; the same lists for the same outcome. */
  split(needs: RequestNeeds): readonly (readonly Target[])[];
}

/** More combinations of models than a user lists. */
const MAX_SPLITS = 64;

/** Undefined when the models do not differ in anything that a request may need: nothing is to be asked then. */
export function splitterOf(targets: readonly Target[]): Splitter | undefined {
  const infoOf = new Map<string, ModelInfo | undefined>();
  // Thousands of credentials have the same few models.
  for (const info of new Set(targets.map((target) => target.info))) {
    const abilities = abilitiesOf(info);
    if (!infoOf.has(abilities)) infoOf.set(abilities, info);
  }
  if (infoOf.size < 2) return undefined;
  const kinds = [...infoOf].map(([abilities, info]) => ({ abilities, info }));
  const splits = new Map<string, readonly (readonly Target[])[]>();
  return {
    split(needs) {
      const able = kinds.map(({ info }) => isCapable(info, needs));
      const outcome = able.join();
      const known = splits.get(outcome);
      if (known !== undefined) return known;
      const capable = new Set(kinds.filter((_kind, index) => able[index]).map(({ abilities }) => abilities));
      const made = splitBy(targets, capable, kinds.length);
      if (splits.size >= MAX_SPLITS) splits.clear();
      splits.set(outcome, made);
      return made;
    },
  };
}

/** False only for what is known not to work. */
export function isCapable(info: ModelInfo | undefined, needs: RequestNeeds): boolean {
  const { capabilities, contextLength } = info ?? {};
  if (needs.tools && capabilities?.tools === false) return false;
  if (needs.vision && capabilities?.vision === false) return false;
  if (needs.stream && capabilities?.streaming === false) return false;
  return contextLength === undefined || needs.inputTokens <= contextLength;
}

/** What is known to be missing for a request, in words; nothing exactly when {@link isCapable}. */
export function missingIn(info: ModelInfo | undefined, needs: RequestNeeds): readonly string[] {
  const { tools, vision, streaming } = info?.capabilities ?? {};
  const { contextLength = Number.POSITIVE_INFINITY } = info ?? {};
  return [
    ...(needs.tools && tools === false ? ['tools'] : []),
    ...(needs.vision && vision === false ? ['vision'] : []),
    ...(needs.stream && streaming === false ? ['streaming'] : []),
    ...(needs.inputTokens > contextLength ? [`room for more than ${contextLength} tokens`] : []),
  ];
}

function splitBy(
  targets: readonly Target[],
  capable: ReadonlySet<string>,
  kinds: number,
): readonly (readonly Target[])[] {
  // With nobody able or everybody, the upstream judges.
  if (capable.size === 0 || capable.size === kinds) return [targets];
  const { able = [], unable = [] } = Object.groupBy(targets, ({ info }) =>
    capable.has(abilitiesOf(info)) ? 'able' : 'unable',
  );
  return [able, unable];
}

function abilitiesOf(info: ModelInfo | undefined): string {
  const { tools, vision, streaming } = info?.capabilities ?? {};
  return [tools, vision, streaming].map((one) => one !== false).join() + (info?.contextLength ?? '');
}
