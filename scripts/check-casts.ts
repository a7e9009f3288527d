/**
 * Fails on type assertions (`x as T`, `<T>x`, `x!`) outside tests: parsed input is narrowed, not asserted.
 * An assertion that the compiler cannot do without says why on its own line or the one above: `// cast: ...`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

const ASSERTIONS = new Set(['TsAsExpression', 'TsTypeAssertion', 'TsNonNullExpression']);

/** Byte offsets (relative to the module's start) of every assertion below a node. */
function* assertions(node: unknown): Generator<number> {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node && typeof node.type === 'string' && ASSERTIONS.has(node.type)) yield endOf(node);
  for (const child of Object.values(node)) yield* assertions(child);
}

function endOf(node: object): number {
  const span = 'span' in node ? node.span : undefined;
  return typeof span === 'object' && span !== null && 'end' in span && typeof span.end === 'number' ? span.end : 0;
}

/** `file:line` of every unexplained assertion. */
function unexplained(file: string): string[] {
  const text = readFileSync(file);
  const lines = text.toString('utf8').split('\n');
  // swc counts bytes from where the previous parse of this process ended; an empty parse tells where that is.
  const base = parseSync('', { syntax: 'typescript' }).span.end;
  const tree = parseSync(text.toString('utf8'), { syntax: 'typescript' });
  return [...assertions(tree.body)].flatMap((offset) => {
    const line = text
      .subarray(0, offset - base)
      .toString('utf8')
      .split('\n').length;
    const explained = /\/\/ cast: \S/.test(lines[line - 1] ?? '') || /\/\/ cast: \S/.test(lines[line - 2] ?? '');
    return explained ? [] : [`${file}:${line}: type assertion; narrow with a guard, or say why: // cast: ...`];
  });
}

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'scripts'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && existsSync(file));
const problems = files.flatMap(unexplained);
for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} unexplained type assertions`);
process.exitCode = problems.length === 0 ? 0 : 1;
