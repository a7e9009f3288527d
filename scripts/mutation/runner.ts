/**
 * Stryker's test runner for `src/dialects`: imports the tests once and runs those that reach a mutant, in this process.
 * Every mutant is in the code already and switched on by a variable, so nothing has to be loaded anew. Mutants of code
 * that runs at import cannot be judged so (`ignoreStatic`).
 */
import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext, type MutantCoverage } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
} from '@stryker-mutator/api/test-runner';
import { type DeclaredTest, takeTests } from './suite.ts';

const TESTS = ['src/dialects/**/*.test.ts', 'test/edge-cases/edge-cases.test.ts'];
/** They run for seconds, and say less of one line than an example does. */
const LEFT_OUT = /fuzz\.test\.ts$|\.property\.test\.ts$/;

const suiteUrl = new URL('./suite.ts', import.meta.url).href;

/** What the runner and the changed sources share: which mutant is on, which test runs, what was reached. */
function context(): InstrumenterContext {
  const known: InstrumenterContext | undefined = Reflect.get(globalThis, INSTRUMENTER_CONSTANTS.NAMESPACE);
  const shared = known ?? {};
  Reflect.set(globalThis, INSTRUMENTER_CONSTANTS.NAMESPACE, shared);
  return shared;
}

/** The tests' `vitest` is the suite here; the suite's own is the real one. */
function redirectVitest(): void {
  registerHooks({
    resolve(specifier, { parentURL, ...rest }, next) {
      if (specifier === 'vitest' && parentURL !== suiteUrl) return { url: suiteUrl, shortCircuit: true };
      return next(specifier, { parentURL, ...rest });
    },
  });
}

class InProcessRunner implements TestRunner {
  readonly #tests = new Map<string, DeclaredTest>();
  /** Milliseconds that each test took without a mutant: the fast ones find most. */
  readonly #durations = new Map<string, number>();
  #tainted = false;

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: false };
  }

  async init(): Promise<void> {
    redirectVitest();
    context();
    for (const file of globSync(TESTS).sort()) {
      if (LEFT_OUT.test(file)) continue;
      await import(pathToFileURL(join(process.cwd(), file)).href);
      for (const test of takeTests(file)) this.#tests.set(test.id, test);
    }
  }

  async dryRun(): Promise<DryRunResult> {
    const namespace = context();
    const tests: TestResult[] = [];
    for (const test of this.#tests.values()) {
      namespace.currentTestId = test.id;
      const startedAtMs = performance.now();
      const failureMessage = await failureOf(test);
      const timeSpentMs = performance.now() - startedAtMs;
      this.#durations.set(test.id, timeSpentMs);
      // A test that fails anyway says nothing of mutants; `npm test` says what is wrong with it.
      if (failureMessage === undefined)
        tests.push({ id: test.id, name: test.name, timeSpentMs, status: TestStatus.Success });
      else this.#tests.delete(test.id);
    }
    delete namespace.currentTestId;
    const mutantCoverage: MutantCoverage = namespace.mutantCoverage ?? { static: {}, perTest: {} };
    return { status: DryRunStatus.Complete, tests, mutantCoverage };
  }

  async mutantRun({ activeMutant, hitLimit, testFilter }: MutantRunOptions): Promise<MutantRunResult> {
    // What a mutant left in a cache would speak against the next one: Stryker starts a new process and asks again.
    if (this.#tainted) process.exit(1);
    const namespace = context();
    namespace.hitCount = 0;
    if (hitLimit === undefined) delete namespace.hitLimit;
    else namespace.hitLimit = hitLimit;
    namespace.activeMutant = activeMutant.id;
    const tests = this.#select(testFilter);
    let killed: { readonly test: DeclaredTest; readonly failureMessage: string } | undefined;
    let nrOfTests = 0;
    for (const test of tests) {
      nrOfTests++;
      const failureMessage = await failureOf(test);
      if (failureMessage === undefined) continue;
      killed = { test, failureMessage };
      break;
    }
    delete namespace.activeMutant;
    const endless = determineHitLimitReached(namespace.hitCount, hitLimit);
    if (endless !== undefined) return { status: MutantRunStatus.Timeout, reason: 'the hit limit was reached' };
    if (killed === undefined) return { status: MutantRunStatus.Survived, nrOfTests };
    this.#tainted = (await failureOf(killed.test)) !== undefined;
    return {
      status: MutantRunStatus.Killed,
      killedBy: [killed.test.id],
      failureMessage: killed.failureMessage,
      nrOfTests,
    };
  }

  #select(filter: readonly string[] | undefined): readonly DeclaredTest[] {
    const ids = filter ?? [...this.#tests.keys()];
    const took = (id: string): number => this.#durations.get(id) ?? 0;
    return [...ids].sort((a, b) => took(a) - took(b)).flatMap((id) => this.#tests.get(id) ?? []);
  }
}

function declareRunner(): ReturnType<typeof declareClassPlugin<PluginKind.TestRunner, []>> {
  return declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner);
}

async function failureOf(test: DeclaredTest): Promise<string | undefined> {
  try {
    await test.run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : String(error);
  }
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins: readonly ReturnType<typeof declareRunner>[] = [declareRunner()];
