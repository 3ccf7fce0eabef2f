import { builtinModules } from 'node:module';
import { defineConfig } from 'eslint/config';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

// The import directions of ARCHITECTURE.md: [folder, folders it must not import from].
const ADAPTERS = ['config', 'dataset', 'llm', 'answer', 'store', 'metrics', 'export'];
const OUTER = [
  'preflight',
  'notify',
  'monitoring',
  'activities',
  'workflows',
  'temporal',
  'commands',
  'report',
  'simulator',
  'client.ts',
  'worker.ts',
];
const zones = [
  { target: './src/experiment.ts', from: './src', except: ['./experiment.ts'] },
  { target: './src/errors.ts', from: './src', except: ['./errors.ts', './experiment.ts'] },
  ...ADAPTERS.map((folder) => ({
    target: `./src/${folder}`,
    from: OUTER.map((outer) => `./src/${outer}`),
    message: 'Inner folders know nothing of Temporal, commands or the simulator.',
  })),
  {
    target: './src/preflight',
    from: ['./src/activities', './src/workflows', './src/temporal', './src/commands', './src/client.ts'],
  },
  {
    target: './src/notify',
    from: ['./src/activities', './src/workflows', './src/temporal', './src/commands', './src/client.ts'],
  },
  {
    target: './src/monitoring',
    from: ['./src/workflows', './src/temporal', './src/commands', './src/client.ts'],
  },
  {
    target: './src/activities',
    from: ['./src/workflows', './src/temporal', './src/monitoring', './src/commands', './src/client.ts'],
  },
  {
    target: './src/workflows',
    from: [
      './src/temporal',
      './src/monitoring',
      './src/commands',
      './src/client.ts',
      ...ADAPTERS.map((folder) => `./src/${folder}`),
    ],
  },
  {
    target: './src/report',
    from: './src',
    except: ['./report', './metrics', './errors.ts'],
    message: 'A page is made of figures and nothing else.',
  },
  { target: './src/temporal', from: ['./src/commands', './src/client.ts', './src/worker.ts'] },
  {
    target: './src/simulator',
    from: ['./src/store', './src/temporal', './src/commands', './src/activities'],
  },
];

// Siblings know one another by type only.
const siblingRules = ADAPTERS.map((folder) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['@temporalio/*'],
            message: 'Only activities, workflows, temporal and commands know Temporal.',
          },
          {
            group: ADAPTERS.filter((other) => other !== folder).map((other) => `../${other}/*`),
            allowTypeImports: true,
            message: 'Sibling folders may share types only.',
          },
        ],
      },
    ],
  },
}));

export default defineConfig(
  { ignores: ['dist/**', 'coverage/**'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { prefer: 'type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      eqeqeq: ['error', 'smart'],
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only src/config/environment.ts reads the environment.',
        },
      ],
    },
  },
  { files: ['src/config/environment.ts'], rules: { 'no-restricted-properties': 'off' } },
  ...siblingRules,
  {
    files: ['src/report/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/metrics/*'],
              allowTypeImports: true,
              message: 'A page formats figures and makes none.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/preflight/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@temporalio/*'], message: 'The doctor needs no Temporal.' }] },
      ],
    },
  },
  {
    files: ['src/notify/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@temporalio/*'], message: 'Telling a person needs no Temporal.' }] },
      ],
    },
  },
  {
    files: ['src/workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: builtinModules.flatMap((name) => [name, `node:${name}`]),
          patterns: [
            {
              group: ['../activities/*'],
              allowTypeImports: true,
              message: 'Workflows call activities by type.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
);
