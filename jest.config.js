const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Many tests wait for other processes, so that two run beside each other on two cores.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  // Dynamic imports name the file that will be there after the build.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // Temporal's reader of histories works only with the copy that its message types were made with.
    '^protobufjs/ext/protojson$': require.resolve('protobufjs/ext/protojson', {
      paths: [require.resolve('@temporalio/proto')],
    }),
  },
  globalSetup: '<rootDir>/test/helpers/global-setup.ts',
  testTimeout: 30_000,
};
