/** Who may import whom: design section 3. A broken rule fails `npm run check`. */

const LEAVES =
  '^src/(errors|error-kinds|clock|ids|json-splice|json-window|mask-secret|nearest-name|secret-forms|make-folder|version)\\.ts$';

/** `from` may import itself, the leaves, and what is listed; anything else under src is forbidden. */
function only(name, from, allowed) {
  return {
    name,
    severity: 'error',
    from: { path: `^src/${from}`, pathNot: '\\.test\\.ts$' },
    to: { path: '^src/', pathNot: [LEAVES, `^src/${from}`, ...allowed.map((path) => `^src/${path}`)] },
  };
}

const DIALECT = ['openai-chat', 'openai-completions', 'openai-responses', 'anthropic-messages', 'gemini', 'kiro'];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.test\\.ts$|^src/index\\.ts$' },
      to: {},
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'no-undeclared-dependencies',
      severity: 'error',
      from: { path: '^(src|scripts|test)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|^test/' },
    },
    {
      name: 'pure-core-has-no-io',
      comment: 'ir, framing, dialects, envelopes, routing and the strategies touch no network, files or processes.',
      severity: 'error',
      from: {
        path: '^src/(ir|json-schema|framing|dialects|envelopes|payload|routing|credentials/strategies)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    only('ir', 'ir/', []),
    only('json-schema', 'json-schema/', ['ir/json\\.ts$']),
    only('framing', 'framing/', []),
    ...DIALECT.map((dialect) =>
      only(`dialect-${dialect}`, `dialects/${dialect}/`, ['ir/', 'framing/', 'json-schema/', 'dialects/codec\\.ts$']),
    ),
    only('envelopes', 'envelopes/', ['ir/', 'framing/']),
    only('auth', 'auth/', []),
    {
      name: 'providers-stay-apart',
      severity: 'error',
      from: { path: '^src/providers/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^src/',
        pathNot: [
          LEAVES,
          '^src/providers/$1/',
          '^src/providers/(provider|gemini-models)\\.ts$',
          '^src/(auth|envelopes|ir)/',
          '^src/(executors/executor|models/model-info)\\.ts$',
        ],
      },
    },
    only('models', 'models/', ['ir/', 'providers/provider\\.ts$', 'credentials/credential\\.ts$']),
    only('routing', 'routing/', ['ir/', 'models/', 'providers/provider\\.ts$', 'credentials/credential\\.ts$']),
    only('credentials', 'credentials/', [
      'auth/',
      'storage/ports\\.ts$',
      'models/model-info\\.ts$',
      'providers/provider\\.ts$',
      'routing/(target|session-key)\\.ts$',
    ]),
    only('executors', 'executors/', ['upstream/', 'ir/']),
    only('upstream', 'upstream/', ['executors/executor\\.ts$']),
    only('access', 'access/', []),
    only('observability', 'observability/', ['ir/']),
    only('payload', 'payload/', ['ir/']),
    only('config', 'config/', [
      'auth/oauth-client\\.ts$',
      'payload/index\\.ts$',
      'credentials/(credential|error-rule)\\.ts$',
      'providers/provider\\.ts$',
      'models/model-info\\.ts$',
      'ir/',
    ]),
    only('pipeline', 'pipeline/', [
      'ir/',
      'framing/',
      'dialects/codec\\.ts$',
      'translators/',
      'envelopes/',
      'executors/',
      'credentials/(credential|pool|secrets)\\.ts$',
      'routing/',
      'upstream/',
      'observability/',
      'models/',
      'payload/index\\.ts$',
      'access/',
      'providers/provider\\.ts$',
    ]),
    only('management', 'management/', [
      'pipeline/',
      'access/',
      'auth/(callback-answer|login-sessions|same-secret)\\.ts$',
      'config/',
      'ir/',
    ]),
    only('server', 'server/', [
      'management/management\\.ts$',
      'conversation/',
      'pipeline/',
      'access/',
      'config/',
      'dialects/codec\\.ts$',
      'models/model-info\\.ts$',
      'observability/',
      'ir/',
      'framing/sse\\.ts$',
    ]),
    only('storage', 'storage/', []),
    only('conversation', 'conversation/', [
      'ir/',
      'framing/',
      'dialects/codec\\.ts$',
      'pipeline/',
      'providers/provider\\.ts$',
      'routing/',
      'storage/',
    ]),
    only('cli', 'cli/', ['index\\.ts$', 'server/']),
    {
      name: 'service-is-not-imported',
      comment: 'Only the SDK root may import the composition root.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(index\\.ts$|service\\.ts$|service/)|\\.test\\.ts$' },
      to: { path: '^src/service(\\.ts$|/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
