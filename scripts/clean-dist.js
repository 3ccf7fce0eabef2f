// Removes dist/ before a build, so that no file of an older build is ever run.
require('node:fs').rmSync('dist', { recursive: true, force: true });
