/** Kiro and Amazon Q Developer: models behind Amazon's accounts. https://kiro.dev */
import { defineProvider, type Manifest } from '../provider.ts';
import { account, endpoints } from './account.ts';
import { models } from './models.ts';

export const kiro: Manifest = defineProvider({
  id: 'kiro',
  label: 'Kiro',
  kind: 'aggregator',
  // There are no API keys.
  auth: [],
  baseUrl: 'https://q.us-east-1.amazonaws.com',
  endpoints,
  models,
  account,
});
