// Who may import whom. The path says what a file may touch; these rules hold it to that. test/layers.test.ts proves
// that they see the modules.
const ours = '^(common|engine|system|worker|main|preload|renderer|scripts|test)/';

/** A folder and the packages or folders of ours that it may use beside itself. */
function layer(name, { from, not = undefined, folders = [], packages = [], node = false, comment }) {
  const allowed = [from, ...folders, ...packages.map((one) => `node_modules/${one}(/|$)`)];
  const rules = [
    {
      name,
      comment,
      severity: 'error',
      from: { path: from, pathNot: not },
      to: { pathNot: allowed, dependencyTypesNot: ['core'], couldNotResolve: false },
    },
  ];
  if (!node) {
    rules.push({
      name: `${name}-without-node`,
      comment: 'It runs where there is no Node.',
      severity: 'error',
      from: { path: from, pathNot: not },
      to: { dependencyTypes: ['core'] },
    });
  }
  return rules;
}

module.exports = {
  forbidden: [
    ...layer('common', {
      from: '^common/',
      packages: ['zod'],
      comment: 'Common is what all parts share: zod and plain types.',
    }),
    ...layer('engine', {
      from: '^engine/',
      folders: ['^common/'],
      packages: ['@tensorflow/tfjs'],
      comment: 'The engine is tfjs and arithmetic only.',
    }),
    {
      name: 'one-door-to-tfjs',
      comment: 'tfjs is imported by engine/tf.ts alone; two copies of it would not share a backend.',
      severity: 'error',
      from: { path: ours, pathNot: ['^engine/tf\\.ts$', '^test/'] },
      to: { path: 'node_modules/@tensorflow/tfjs(-core)?/' },
    },
    {
      name: 'native-only-in-worker',
      comment: 'The native backend is loaded in a worker process, never in the application.',
      severity: 'error',
      from: { path: ours, pathNot: ['^worker/', '^test/'] },
      to: { path: 'node_modules/@tensorflow/tfjs-(node|backend)' },
    },
    ...layer('system', {
      from: '^system/',
      folders: ['^common/'],
      node: true,
      comment: 'Small things of Node for worker and main.',
    }),
    ...layer('worker', {
      from: '^worker/',
      folders: ['^common/', '^engine/', '^system/', '^resources/'],
      packages: ['sharp', '@tensorflow', '@iconify-json'],
      node: true,
      comment: 'A worker knows the engine and the machine, not the application.',
    }),
    ...layer('store', {
      from: '^main/store/',
      folders: ['^common/', '^system/'],
      packages: ['better-sqlite3', 'drizzle-orm', '@types/better-sqlite3', 'zod'],
      node: true,
      comment: 'The store knows the database and the records.',
    }),
    ...layer('jobs', {
      from: '^main/jobs/',
      folders: ['^common/', '^system/', '^main/store/'],
      packages: ['zod'],
      node: true,
      comment: 'Jobs know a worker as a path and as messages only.',
    }),
    ...layer('services', {
      from: '^main/services/',
      folders: ['^common/', '^system/', '^main/(store|jobs)/', '^main/[^/]+\\.ts$'],
      packages: ['write-excel-file'],
      node: true,
      comment: 'What needs tensors is a job: services never import the engine.',
    }),
    ...layer('api', {
      from: '^main/api/',
      folders: ['^common/', '^main/services/'],
      packages: ['@trpc/server', 'zod', 'superjson'],
      node: true,
      comment: 'The router is thin: a schema and a service.',
    }),
    {
      name: 'doors',
      comment: 'The doors compose the application; tensors and pages are not theirs.',
      severity: 'error',
      from: { path: '^main/' },
      to: { path: ['^engine/', '^worker/', '^renderer/', '^preload/'], pathNot: '^worker/main\\.ts$' },
    },
    {
      name: 'electron-only-in-its-door',
      severity: 'error',
      from: { path: ours, pathNot: ['^main/electron/', '^preload/', '^test/main/electron/'] },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'nobody-knows-the-doors',
      severity: 'error',
      from: { path: '^main/(store|jobs|services|api)/' },
      to: { path: '^main/(electron|web|cli)/' },
    },
    ...layer('preload', {
      from: '^preload/',
      folders: ['^common/'],
      packages: ['electron'],
      comment: 'The preload gives the page one port.',
    }),
    {
      name: 'renderer',
      comment: 'A page knows the common parts, and of the router its types.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: ['^(engine|system|worker|preload|scripts|test)/', '^main/'], pathNot: '^main/api/' },
    },
    {
      name: 'renderer-knows-types-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^main/api/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-without-node',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'found',
      comment: 'Every import leads to a file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
