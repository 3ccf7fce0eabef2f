// Loaded into a client that is measured: appends to the file that STALLS_FILE names when nothing else got its turn for a
// while, as lines of milliseconds of the epoch at its end and how many milliseconds it took.
const { appendFileSync } = require('node:fs');

const file = process.env.STALLS_FILE;
const EVERY_MS = 10;
const WORTH_NOTING_MS = 50;
if (file !== undefined && process.argv[1]?.endsWith('client.js')) {
  let lastMs = performance.now();
  setInterval(() => {
    const nowMs = performance.now();
    const stalledMs = nowMs - lastMs - EVERY_MS;
    lastMs = nowMs;
    if (stalledMs >= WORTH_NOTING_MS) appendFileSync(file, `${Date.now()} ${Math.round(stalledMs)}\n`);
  }, EVERY_MS).unref();
}
