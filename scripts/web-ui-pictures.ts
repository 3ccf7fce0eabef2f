/** Pictures of Temporal's Web UI with experiments at work, from a real `client up` and simulated models. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { workflowIdOf } from '../src/experiment';
import { startModelServer, type ModelServer } from '../src/simulator/model-server';
import { query, runClient, startClient, until, writeStudy } from '../test/helpers/client-process';

const VIEWPORT = { width: 1280, height: 720 };
const WAIT_MS = 60_000;
/** Columns of the list, as its user chooses them by the cogwheel below it. */
const COLUMNS = ['Status', 'ExpStatus', 'ExpName', 'ExpModel', 'ExpDone', 'ExpErrors', 'Start'];

/** Takes the list of experiments, the page of one that runs, and that of one that waits for its model server. */
export async function takeWebUiPictures(browser: Browser, images: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  const db = join(folder, 'experiments.db');
  const models = [await startModel(2000), await startModel(2000)] as const;
  const up = startClient(['up', '--db', db], { cwd: folder });
  try {
    await until(() => up.stdout().includes('Serving'), WAIT_MS, 'the service');
    const uiUrl = /Web UI (\S+)/.exec(up.stdout())![1]!;
    await handOver(folder, db, { name: 'pilot', nNarratives: 40, apiUrl: models[0].url });
    await until(() => statusOf(db, 'pilot') === 'completed', WAIT_MS, 'the end of the pilot');
    await handOver(folder, db, { name: 'other prompt', nNarratives: 500, apiUrl: models[0].url });
    await until(() => doneOf(db, 'other prompt') > 20, WAIT_MS, 'some answers');
    await runClient(['pause', idOf(db, 'other prompt'), '--db', db], { cwd: folder });
    await handOver(folder, db, { name: 'other server', nNarratives: 500, apiUrl: models[1].url });
    await handOver(folder, db, { name: 'main study', nNarratives: 2000, apiUrl: models[0].url });
    await until(() => doneOf(db, 'other server') > 30, WAIT_MS, 'some answers');
    await models[1].close();
    await until(() => statusOf(db, 'other server') === 'waiting_llm', WAIT_MS, 'the gate');
    await until(() => doneOf(db, 'main study') > 450, 3 * WAIT_MS, 'a share of the answers');
    const page = await openBrowserPage(browser);
    const take = async (name: string, path: string, text: string): Promise<void> => {
      await page.goto(`${uiUrl}/namespaces/default/workflows${path}`);
      await untilShown(page, text);
      await page.waitForTimeout(1500); // what comes after the text: icons, the timeline
      await page.screenshot({ path: join(images, `${name}.png`) });
    };
    await take('web-ui-list', '', 'waiting_llm');
    await take('web-ui-running', pathOf(db, 'main study'), 'labelBatch');
    await take('web-ui-details', await metadataPathOf(page, 'main study', db), 'narratives (');
    await page.goto(`${uiUrl}/namespaces/default/workflows${pathOf(db, 'other server')}`);
    await take('web-ui-waiting', await metadataPathOf(page, 'other server', db), 'Waiting');
    await page.close();
  } finally {
    up.child.kill('SIGTERM');
    await up.ended;
    await Promise.allSettled(models.map((model) => model.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

function startModel(meanMs: number): Promise<ModelServer> {
  return startModelServer({ seed: 1, latency: { kind: 'lognormal', meanMs: meanMs / 10, sigma: 0.3 } });
}

async function openBrowserPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'light' });
  const columns = { default: COLUMNS.map((label) => ({ label })) };
  await page.addInitScript(
    (stored) => localStorage.setItem('namespace-workflow-table-columns', stored),
    JSON.stringify(columns),
  );
  return page;
}

/** The Web UI renders Markdown in frames. */
async function untilShown(page: Page, text: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    for (const frame of page.frames()) if (await isShown(frame, text)) return;
    if (Date.now() > deadline) throw new Error(`the page does not show "${text}"`);
    await page.waitForTimeout(100);
  }
}

function isShown(frame: Frame, text: string): Promise<boolean> {
  const shown = frame.getByText(text).first().isVisible();
  return shown.catch(() => false); // a frame that has just been rendered anew
}

/** The page with current details belongs to a run, to which the page of the workflow leads. */
async function metadataPathOf(page: Page, name: string, db: string): Promise<string> {
  await page.waitForURL(/\/history/);
  const runId = /\/([0-9a-f-]{36})\//.exec(page.url())![1]!;
  return `${pathOf(db, name)}/${runId}/user-metadata`;
}

async function handOver(
  folder: string,
  db: string,
  study: { name: string; nNarratives: number; apiUrl: string },
): Promise<void> {
  const own = join(folder, study.name);
  mkdirSync(own);
  writeStudy(own, { ...study, concurrency: 8 });
  const { code, stderr } = await runClient(['start', '--config', 'study.yaml', '--db', db, '--detach'], {
    cwd: own,
  });
  if (code !== 0) throw new Error(stderr);
}

interface Row {
  experiment_id: string;
  status: string;
  n_narratives_completed: number;
}

function rowOf(db: string, name: string): Row {
  const rows = query<Row & { experiment_name: string }>(db, 'SELECT * FROM experiments');
  return rows.find((row) => row.experiment_name === name)!;
}

const idOf = (db: string, name: string): string => rowOf(db, name).experiment_id;
const statusOf = (db: string, name: string): string => rowOf(db, name).status;
const doneOf = (db: string, name: string): number => rowOf(db, name).n_narratives_completed;
const pathOf = (db: string, name: string): string => `/${encodeURIComponent(workflowIdOf(idOf(db, name)))}`;
