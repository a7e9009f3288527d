/** Built-in provider without a network: repeats what it is told, so that a first request succeeds offline. */
import { defineProvider, type Manifest } from '../provider.ts';
import { createEchoExecutor } from './executor.ts';

export const echo: Manifest = defineProvider({
  id: 'echo',
  label: 'Echo (built in)',
  kind: 'local',
  auth: [{ type: 'none' }],
  baseUrl: 'http://echo.invalid',
  endpoints: [{ dialect: 'openai-chat', path: '/chat/completions' }],
  models: [
    {
      id: 'echo',
      displayName: 'Echo',
      ownedBy: 'llmproxy',
      capabilities: { tools: true, vision: true, reasoning: false },
    },
  ],
  createExecutor: createEchoExecutor,
});
