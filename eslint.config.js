import tseslint from 'typescript-eslint'

// Which folder may import which (docs/decisions/0002-layout.md). Left: folder. Right: what it may not import.
const everything = [
  'core/model',
  'core/runtime',
  'core/chunk',
  'core/disk',
  'core/nbd',
  'core/wire',
]
const layers = {
  'core/model': everything.filter((f) => f !== 'core/model'),
  'core/runtime': ['core/chunk', 'core/disk', 'core/nbd', 'core/wire'],
  'core/chunk': ['core/disk', 'core/nbd', 'core/wire'],
  'core/disk': ['core/chunk', 'core/nbd', 'core/wire'],
  'core/nbd': ['core/chunk', 'core/wire'],
  'core/protobuf': [...everything],
  'core/document': everything.filter((f) => f !== 'core/model'),
  'core/replica': everything.filter((f) => f !== 'core/model'),
  'core/machine': everything.filter((f) => f !== 'core/model'),
  'core/filesystem': everything.filter((f) => f !== 'core/model'),
  'core/wire': ['core/disk', 'core/nbd', 'core/archive'],
  'core/archive': ['core/chunk', 'core/disk', 'core/nbd', 'core/filesystem', 'core/machine'],
  'agent/guest': ['core/wire', 'core/nbd', 'core/disk', 'agent/source', 'agent/jobs'],
  'agent/source': [
    'core/wire',
    'agent/hypervisor',
    'agent/transfer',
    'agent/restore',
    'agent/link',
    'agent/jobs',
  ],
  'agent/libvirt': [
    ...everything.filter((f) => f !== 'core/model'),
    'agent/source',
    'agent/guest',
    'agent/hypervisor',
    'agent/jobs',
  ],
  'agent/hypervisor': ['core/wire', 'agent/transfer', 'agent/restore', 'agent/link', 'agent/jobs'],
  'agent/recovery': ['agent/jobs', 'agent/transfer', 'agent/link', 'agent/identity'],
  'agent/scripts': ['agent/source', 'agent/transfer', 'agent/restore', 'agent/link', 'agent/jobs'],
  'agent/link': ['agent/source', 'agent/transfer', 'agent/restore', 'agent/jobs'],
  'agent/transfer': ['agent/jobs', 'agent/restore'],
  'agent/restore': ['agent/jobs', 'agent/transfer', 'agent/items'],
  'agent/replica': ['agent/restore', 'agent/link', 'agent/items', 'agent/recovery'],
  'agent/items': ['agent/jobs', 'agent/transfer'],
  'server/store': [
    'core/wire',
    'core/nbd',
    'server/catalog',
    'server/flows',
    'server/jobs',
    'server/rpc',
  ],
  'server/catalog': [
    'core/wire',
    'core/nbd',
    'server/store',
    'server/flows',
    'server/jobs',
    'server/rpc',
  ],
  'server/flows': ['core/wire', 'server/jobs', 'server/rpc'],
  'server/alerts': ['core/wire', 'core/nbd', 'server/jobs', 'server/rpc', 'server/http'],
  'server/notify': ['core/wire', 'core/nbd', 'server/jobs', 'server/rpc', 'server/http'],
  'server/access': ['core/nbd', 'server/store', 'server/flows', 'server/jobs', 'server/rpc'],
  'server/openid': [
    'core/wire',
    'core/nbd',
    'server/store',
    'server/jobs',
    'server/rpc',
    'server/http',
  ],
  'server/items': ['core/wire', 'core/nbd', 'server/jobs', 'server/rpc'],
  'server/jobs': ['core/wire', 'server/rpc'],
  'server/rpc': ['server/http'],
  'server/http': ['core/nbd', 'core/disk', 'server/store', 'server/flows', 'server/jobs'],
  cli: [
    'agent/source',
    'agent/transfer',
    'agent/restore',
    'agent/jobs',
    'server/catalog',
    'server/store',
    'server/flows',
    'server/jobs',
    'server/rpc',
  ],
}
const only = {
  pg: 'server/catalog',
  winston: 'core/runtime',
  'node-cron': 'server/jobs',
  nodemailer: 'server/notify',
  'openid-client': 'server/openid',
}

function restricted(folder) {
  const patterns = layers[folder].map((target) => ({
    group: [`**/${target}/**`, `../${target.split('/').pop()}/**`],
    message: `${folder} may not import ${target}`,
  }))
  const paths = Object.entries(only)
    .filter(([, home]) => home !== folder)
    .map(([name, home]) => ({ name, message: `only ${home} imports ${name}` }))
  return {
    files: [`${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns, paths }] },
  }
}

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'core/wire/generated/**',
      '**/*.js',
      'bench/results/**',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 70],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'take a Random' },
        { object: 'Date', property: 'now', message: 'take a Clock' },
      ],
    },
  },
  { files: ['core/runtime/clock.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'describe', 'it', 'suite'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  ...Object.keys(layers).map(restricted),
)
