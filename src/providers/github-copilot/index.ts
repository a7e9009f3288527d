/** GitHub Copilot: models of several makers on one plan; by login only. https://docs.github.com/copilot */
import { defineProvider, type Manifest } from '../provider.ts';
import { account, endpoints } from './account.ts';
import { USUAL_API } from './exchange.ts';
import { models } from './models.ts';

export const githubCopilot: Manifest = defineProvider({
  id: 'github-copilot',
  label: 'GitHub Copilot',
  kind: 'aggregator',
  auth: [],
  baseUrl: USUAL_API,
  endpoints,
  quirks: {
    // It has fields of its own for reasoning, and none for what clients bring back.
    reasoningField: 'none',
    // Functions are the only tools it knows.
    noCustomTools: true,
    plainTools: [],
    rejects: ['service_tier'],
  },
  models,
  account,
});
