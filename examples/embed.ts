/** A gateway inside your own program: no socket, no process. Inside this checkout; installed, import from 'llmproxy'. */
import { createProxy, parseConfig } from '../src/index.ts';

const config = parseConfig({ text: 'api-keys: [sk-only-for-this-program]' });
const proxy = await createProxy({ config, env: process.env });

const response = await proxy.fetch(
  new Request('http://localhost/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer sk-only-for-this-program', 'content-type': 'application/json' },
    body: JSON.stringify({ model: proxy.models[0], messages: [{ role: 'user', content: 'Hello!' }] }),
  }),
);
console.log(response.status, await response.text());
await proxy.close();
