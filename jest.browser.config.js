/** Tests of pages in a real Chromium: npm run test:browser. They are no part of npm test. */
/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['**/test/browser/*.browser.ts'],
  testTimeout: 120_000,
};
