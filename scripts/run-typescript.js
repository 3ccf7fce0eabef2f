// Runs a TypeScript file of this repository as it is, without a build: node scripts/run-typescript.js FILE ARGUMENT...
const { resolve } = require('node:path');
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  const options = {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  };
  module._compile(transformFileSync(file, { ...options, sourceMaps: 'inline' }).code, file);
};
const [, , file] = process.argv;
process.argv.splice(1, 1);
require(resolve(file));
