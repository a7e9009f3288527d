/** Which places of a request hold schemas, and which only look like it. */
import { expect } from 'vitest';
import { compileSchema } from '../../../src/json-schema/compile.ts';
import type { Wire } from '../../support/scripted-upstream/index.ts';
import type { Group } from '../ledger.ts';
import { reasons } from '../reasons.ts';
import { request } from '../through.ts';

const user = { role: 'user', parts: [{ text: 'q' }] };
const schema = {
  type: 'object',
  properties: { a: { type: 'string', pattern: '^x' } },
  propertyNames: { pattern: 'z' },
  additionalProperties: false,
};
const cleaned = {
  type: 'object',
  properties: { a: { type: 'string', description: '(pattern: ^x)' } },
  additionalProperties: false,
  description: '(propertyNames: {"pattern":"z"})',
};
const body = (more: Wire): Wire => request('gemini', 'gemini', { contents: [user], ...more }).body;
const declaration = (more: Wire): Wire =>
  body({ tools: [{ functionDeclarations: [{ name: 'f', ...more }] }] }).tools[0].functionDeclarations[0];

export const antigravitySchema: Group = {
  group: 'antigravity_schema_sanitize',
  entries: [
    {
      names: [
        'SanitizeAntigravityRequestSchemasPreservesHistory',
        'SanitizeAntigravityRequestSchemasKeepsPropertyNamesInHistory',
      ],
      run() {
        const args = { format: 'x', default: 1, propertyNames: { a: 1 }, properties: { p: 1 } };
        const response = { default: 1, enum: ['a'], propertyNames: ['n'] };
        const contents = [
          user,
          { role: 'model', parts: [{ functionCall: { name: 'f', args } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'f', response } }] },
        ];
        const sent = body({
          contents,
          tools: [{ functionDeclarations: [{ name: 'f', parametersJsonSchema: schema }] }],
        });
        expect(sent.contents[1].parts[0].functionCall.args).toEqual(args);
        expect(sent.contents[2].parts[0].functionResponse.response).toEqual(response);
      },
    },
    {
      names: [
        'SanitizeAntigravityRequestSchemasStillCleansSchemas',
        'AntigravitySchemaPathsCoverEverySchemaLocation',
        'SanitizeAntigravityRequestSchemasStripsPropertyNamesEverywhere',
        'AntigravityBuildRequestStripsPropertyNamesFromOutboundBody',
      ],
      run() {
        expect(declaration({ parameters: schema }).parametersJsonSchema).toEqual(cleaned);
        expect(declaration({ parametersJsonSchema: schema }).parametersJsonSchema).toEqual(cleaned);
        for (const key of ['responseSchema', 'responseJsonSchema']) {
          const config = { responseMimeType: 'application/json', [key]: schema };
          expect(body({ generationConfig: config }).generationConfig.responseJsonSchema, key).toEqual(cleaned);
        }
      },
    },
    {
      names: ['SanitizeAntigravityRequestSchemasCleansResultSchemas'],
      note: 'only clients that speak Gemini describe results, in the words of Gemini: it goes as it is',
      run() {
        const response = { type: 'OBJECT', properties: { a: { type: 'STRING' } } };
        expect(declaration({ response })).toEqual({ name: 'f', response });
        expect(declaration({ responseJsonSchema: schema })).toEqual({ name: 'f', responseJsonSchema: schema });
      },
    },
    { names: ['SanitizeAntigravityRequestSchemasMatchesWholePayloadCleaning'], because: reasons.goInternal },
    {
      names: ['SanitizeAntigravityRequestSchemasKeepsResponseSchemasPlaceholderFree'],
      run() {
        const responseSchema = { type: 'object', properties: { a: { type: 'object' } } };
        const config = { responseMimeType: 'application/json', responseSchema };
        expect(body({ generationConfig: config }).generationConfig.responseJsonSchema).toEqual(responseSchema);
      },
    },
    {
      names: [
        'SanitizeAntigravityRequestSchemasProjectsUnionsAndPreservesEnumTypes',
        'SanitizeAntigravityToolSchemasKeepNativeTypeAndNullableOnBothPaths',
      ],
      note: 'Gemini itself takes unions and null as they are; numbers in an enum stay numbers',
      run() {
        const parameters = {
          type: 'object',
          properties: {
            u: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
            n: { type: ['string', 'null'] },
            e: { type: 'integer', enum: [1, 2] },
          },
        };
        expect(declaration({ parametersJsonSchema: parameters }).parametersJsonSchema).toEqual(parameters);
        expect(declaration({ parameters: { type: 'STRING', nullable: true } }).parametersJsonSchema).toEqual({
          type: ['string', 'null'],
        });
      },
    },
    {
      names: ['AntigravityBuildRequestKeepsJSONObjectMimeOnly'],
      run() {
        const generationConfig = { responseMimeType: 'application/json' };
        expect(body({ generationConfig }).generationConfig).toEqual(generationConfig);
      },
    },
    {
      names: ['AntigravityBuildRequestPreservesGenerationResponseSchemaMetadata'],
      run() {
        const responseSchema = {
          type: 'object',
          title: 'T',
          description: 'D',
          properties: { b: { type: 'string' }, a: { type: 'string' } },
          propertyOrdering: ['a', 'b'],
        };
        const config = { responseMimeType: 'application/json', responseSchema };
        const sent = body({ generationConfig: config }).generationConfig.responseJsonSchema;
        expect([sent.title, sent.description, Object.keys(sent.properties)]).toEqual(['T', 'D', ['a', 'b']]);
      },
    },
    {
      names: [
        'AntigravityBuildRequestSanitizesSnakeCaseGenerationResponseSchemas',
        'SanitizeAntigravityRequestSchemasCleansBothSpellingsInPlace',
      ],
      run() {
        const generation_config = { response_mime_type: 'application/json', response_json_schema: schema };
        const tools = [{ function_declarations: [{ name: 'f', parameters_json_schema: schema }] }];
        const sent = body({ generation_config, tools });
        expect(sent.generationConfig).toEqual({ responseMimeType: 'application/json', responseJsonSchema: cleaned });
        expect(sent.tools).toEqual([{ functionDeclarations: [{ name: 'f', parametersJsonSchema: cleaned }] }]);
        expect(JSON.stringify(sent)).not.toContain('_schema');
      },
    },
    {
      names: ['SanitizeAntigravityRequestSchemasIsIdempotent'],
      run() {
        for (const target of [
          'antigravity-tool',
          'antigravity-response',
          'gemini-schema',
          'gemini-json-schema',
        ] as const) {
          const once = compileSchema(schema, target).schema;
          expect(compileSchema(structuredClone(once), target), target).toEqual({ schema: once, dropped: [] });
        }
      },
    },
    {
      names: ['SanitizeAntigravityRequestSchemasStripsEncryptedMetadata'],
      run() {
        const parameters = { type: 'object', properties: { a: { type: 'string', encrypted: true } }, encrypted: true };
        expect(declaration({ parametersJsonSchema: parameters }).parametersJsonSchema).toEqual({
          type: 'object',
          properties: { a: { type: 'string' } },
        });
      },
    },
  ],
};
