import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue } from '../ir/json.ts';
import { compileSchema } from './compile.ts';
import { LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS } from './keywords.ts';
import { profiles, type SchemaTarget } from './profile.ts';

interface Tool {
  readonly name: string;
  readonly inputSchema: JsonObject;
}
interface Server {
  readonly package: string;
  readonly tools: readonly Tool[];
}

const folder = join(import.meta.dirname, '../../test/fixtures/mcp-schemas');
const servers: readonly Server[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const tools = servers.flatMap((server) => server.tools);
const restricted = Object.entries(profiles) as [SchemaTarget, (typeof profiles)['openai-strict']][];

function keywordsOutside(schema: JsonValue | undefined, list: ReadonlySet<string>): string[] {
  if (!isJsonObject(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const own = list.has(key) ? [] : [key];
    if (SCHEMA_KEYWORDS.has(key)) return [...own, ...keywordsOutside(value, list)];
    const nested = LIST_KEYWORDS.has(key) || MAP_KEYWORDS.has(key) ? Object.values(value ?? {}) : [];
    return [...own, ...nested.flatMap((item) => keywordsOutside(item, list))];
  });
}

const schemaOf = (name: string): JsonObject => {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool.inputSchema;
};

describe('schemas of real MCP servers', () => {
  it('are many', () => {
    expect(servers.length).toBeGreaterThanOrEqual(8);
    expect(tools.length).toBeGreaterThanOrEqual(60);
  });

  it.each(restricted)('%s: all of them compile inside the list', (target, { keywords }) => {
    for (const { name, inputSchema } of tools) {
      const { schema } = compileSchema(inputSchema, target);
      expect(keywordsOutside(schema, keywords), name).toEqual([]);
      expect(schema['type'], name).toBe('object');
    }
  });

  it.each(['anthropic', 'object-root'] as const)(
    '%s: all of them are objects at the root and lose nothing',
    (target) => {
      for (const { name, inputSchema } of tools) {
        const { schema, dropped } = compileSchema(inputSchema, target);
        expect([schema['type'], schema['anyOf'], schema['oneOf'], schema['allOf']], name).toEqual([
          'object',
          undefined,
          undefined,
          undefined,
        ]);
        expect(dropped, name).toEqual([]);
      }
    },
  );

  it.each(['gemini-schema', 'gemini-json-schema'] as const)('%s: what must go stays in the descriptions', (target) => {
    for (const { name, inputSchema } of tools) {
      const lost = compileSchema(inputSchema, target).dropped.filter((one) => !one.hinted);
      expect(lost, name).toEqual([]);
    }
  });

  it('a tool with defaults, bounds and a schema version', () => {
    expect(compileSchema(schemaOf('sequentialthinking'), 'gemini-json-schema').schema).toMatchObject({
      type: 'object',
      properties: { thoughtNumber: { type: 'integer', minimum: 1 } },
    });
    expect(compileSchema(schemaOf('sequentialthinking'), 'gemini-json-schema').schema).not.toHaveProperty('$schema');
  });
});
