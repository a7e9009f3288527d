/** All cases of the matrix, by what they are about. */
import { cases as basicCases } from './cases.ts';
import { answerCases } from './cases-answers.ts';
import { builtInCases } from './cases-builtin.ts';
import { choiceCases } from './cases-choices.ts';
import { customCases } from './cases-custom.ts';
import { mediaCases } from './cases-media.ts';
import { reasoningCases } from './cases-reasoning.ts';
import { requestCases } from './cases-requests.ts';
import { schemaCases } from './cases-schemas.ts';
import { settingCases } from './cases-settings.ts';
import { signatureCases } from './cases-signatures.ts';
import { toolCases } from './cases-tools.ts';
import { usageCases } from './cases-usage.ts';
import type { Case } from './model.ts';

/** Cases under one heading. */
export interface Area {
  readonly name: string;
  readonly cases: readonly Case[];
}

export const areas: readonly Area[] = [
  { name: 'basics', cases: basicCases },
  { name: 'requests', cases: requestCases },
  { name: 'settings', cases: settingCases },
  { name: 'media', cases: mediaCases },
  { name: 'answers', cases: answerCases },
  { name: 'usage', cases: usageCases },
  { name: 'reasoning', cases: [...reasoningCases, ...signatureCases] },
  { name: 'schemas and names', cases: schemaCases },
  { name: 'calls and results', cases: toolCases },
  { name: 'choice of tools', cases: choiceCases },
  { name: 'custom, namespaced and deferred tools', cases: customCases },
  { name: 'built-in tools', cases: builtInCases },
];
