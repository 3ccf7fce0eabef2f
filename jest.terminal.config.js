/** Tests in a real terminal, by tmux: npm run test:terminal (after npm run build). They are no part of npm test. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['**/test/terminal/*.terminal.ts'],
  testTimeout: 120_000,
};
