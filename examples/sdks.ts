/** The official SDKs against a running proxy; LLMPROXY_KEY holds a client key, LLMPROXY_MODEL the model. */
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

const url = process.env['LLMPROXY_URL'] ?? 'http://127.0.0.1:8317';
const apiKey = process.env['LLMPROXY_KEY'] ?? '';
const model = process.env['LLMPROXY_MODEL'] ?? 'echo';

const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey });
const chat = await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello!' }] });
console.log('openai', chat.choices[0]?.message.content);

const anthropic = new Anthropic({ baseURL: url, apiKey });
const message = await anthropic.messages.create({
  model,
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello!' }],
});
console.log('anthropic', message.content[0]);

const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
const answer = await google.models.generateContent({ model, contents: 'Hello!' });
console.log('google', answer.text);
