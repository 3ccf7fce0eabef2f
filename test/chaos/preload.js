/*
 * Loaded into the client under test with `node --require`, so that production code needs no hook for it. It writes a
 * journal of the results that were acknowledged as saved (CHAOS_JOURNAL; handed to the operating system at once), and
 * ends the process with SIGKILL at the n-th passing of one chosen point (CHAOS_DIE_AT=point:n).
 */
const { appendFileSync } = require('node:fs');
const Module = require('node:module');

const journal = process.env.CHAOS_JOURNAL;
const [point, nth] = (process.env.CHAOS_DIE_AT ?? ':').split(':');
let left = Number(nth);

function pass(here) {
  if (here !== point) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

function note(entry) {
  if (journal !== undefined) appendFileSync(journal, `${JSON.stringify(entry)}\n`);
}

/** The reply has been read; nothing of it is stored. Afterwards: it is stored and acknowledged. */
function patchWriter({ ResultWriter }) {
  const { save } = ResultWriter.prototype;
  ResultWriter.prototype.save = async function (result) {
    pass('before-commit');
    await save.call(this, result);
    note({ saved: result.narrativeId });
  };
}

/** Within the transaction, with a row written; and behind its commit, before anybody has been told. */
function patchResults({ Results }) {
  const { save, saveOne } = Results.prototype;
  Results.prototype.saveOne = function (...args) {
    saveOne.apply(this, args);
    pass('inside-commit');
  };
  Results.prototype.save = function (results) {
    const startedMs = performance.now();
    save.call(this, results);
    note({ commitMs: performance.now() - startedMs, atMs: Date.now() });
    pass('after-commit');
  };
}

/** All of a batch is stored; Temporal does not know it yet. */
function patchLabelBatch(loaded) {
  const { labelBatch } = loaded;
  loaded.labelBatch = async (...args) => {
    const outcome = await labelBatch(...args);
    pass('after-batch');
    return outcome;
  };
}

const PATCHES = { ResultWriter: patchWriter, Results: patchResults, labelBatch: patchLabelBatch };
const FILES = { ResultWriter: /\/result-writer$/, Results: /\/results$/, labelBatch: /\/label-batch$/ };
const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  for (const [name, patch] of Object.entries(PATCHES)) {
    if (!FILES[name].test(request) || typeof loaded[name] !== 'function') continue;
    delete PATCHES[name];
    patch(loaded);
  }
  return loaded;
};
