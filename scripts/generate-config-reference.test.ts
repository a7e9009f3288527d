import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refuseExampleKeys } from '../src/config/example-keys.ts';
import { parseConfig } from '../src/config/parse.ts';
import { fieldMeta } from '../src/config/schema/field.ts';
import { configSchema } from '../src/config/schema.ts';
import { memberOf, shapeOf } from '../src/config/walk.ts';
import { generatedFiles } from './generate-config-reference.ts';

const files = generatedFiles();
const example = files.get('config.example.yaml') ?? '';

describe('generated files', () => {
  it.each([...files.keys()])('%s is what the schema says', (path) => {
    expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')).toBe(files.get(path));
  });
});

describe('config.example.yaml', () => {
  it('loads with the defaults and without a warning; its client key is refused', () => {
    const { config, warnings } = parseConfig({ text: example });
    expect(warnings).toEqual([]);
    expect({ ...config, 'api-keys': [] }).toEqual(parseConfig({}).config);
    expect(() => refuseExampleKeys(config)).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });

  it('loads with everything switched on; provider keys in it are ignored as examples', () => {
    const text = example.replaceAll(/^# (?=[ a-z-]+[a-z0-9-]*:| {2,})/gm, '').replaceAll(/^[A-Z].*$/gm, '');
    const { warnings } = parseConfig({ text });
    expect(warnings.length).toBeGreaterThan(4);
    for (const { message } of warnings) expect(message).toContain('has an api-key from the documentation');
  });
});

describe('the schema', () => {
  it('describes every key and says whether it has an effect', () => {
    const bare: string[] = [];
    const visit = (schema: typeof configSchema | ReturnType<typeof memberOf>, path: string): void => {
      if (schema === undefined) return;
      for (const [key, child] of Object.entries(shapeOf(schema) ?? {})) {
        const meta = fieldMeta(child);
        if (meta === undefined || meta.description === '') bare.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      visit(memberOf(schema), `${path}[]`);
    };
    visit(configSchema, '');
    expect(bare).toEqual([]);
  });

  it('becomes a JSON Schema that names every top-level key and none of our metadata', () => {
    const schema: unknown = JSON.parse(files.get('docs/reference/config.schema.json') ?? '');
    expect(schema).toMatchObject({ properties: { port: { default: 8317, maximum: 65535 } } });
    expect(JSON.stringify(schema)).not.toMatch(/"effect":"(now|later|never)"/);
  });
});
