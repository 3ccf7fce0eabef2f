/** The pages in headless Chromium, opened from disk: quiet, without requests, accessible, within the width of the window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { runProgram } from '../../src/commands/program';
import { makeLabelledStudy } from '../helpers/labelled-study';
import { makeProductionStudy, STUDY_FILES } from '../helpers/production-study';
import { startChromium } from './chromium';

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  makeProductionStudy(folder);
  const { first, second } = makeLabelledStudy(folder);
  await run('report', '--db', STUDY_FILES.results, '--out', 'report.html', '--against', STUDY_FILES.labels);
  await run('report', first, '--db', 'study.db', '--out', 'with-text.html', '--with-text', '--by', 'State');
  await run('compare', first, second, '--db', 'study.db', '--html', 'compare.html');
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function run(...argv: string[]): Promise<void> {
  let messages = '';
  const stream = { write: (text: string) => (messages += text) };
  const surroundings = { environment: {}, workingDirectory: folder, stdout: stream, stderr: stream };
  const exitCode = await runProgram(argv, surroundings);
  if (exitCode !== 0) throw new Error(messages);
}

const WIDTHS = { desktop: 1280, phone: 390 };
const CASES = ['report.html', 'with-text.html', 'compare.html'].flatMap((file) =>
  (['light', 'dark'] as const).flatMap((scheme) =>
    (['desktop', 'phone'] as const).map((device) => ({ file, scheme, device })),
  ),
);

describe.each(CASES)('$file, $scheme, on a $device', ({ file, scheme, device }) => {
  let page: Page;
  const url = (): string => pathToFileURL(join(folder, file)).href;
  const requests: string[] = [];
  const messages: string[] = [];

  beforeAll(async () => {
    // axe puts itself into the page, which the page's own policy forbids.
    page = await browser.newPage({
      viewport: { width: WIDTHS[device], height: 850 },
      colorScheme: scheme,
      bypassCSP: true,
    });
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(url());
    await page.evaluate(
      'document.querySelectorAll("details").forEach((details) => { details.open = true; })',
    );
  });
  afterAll(() => page.close());

  it('asks for nothing but itself and says nothing on the console', () => {
    expect(requests).toEqual([url()]);
    expect(messages).toEqual([]);
  });

  it('is not wider than the window', async () => {
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(WIDTHS[device]);
  });

  it('shows its plots in letters of at least 9 pixels', async () => {
    const sizes = await page.evaluate<number[]>(
      '[...document.querySelectorAll("svg.plot text")].map((text) => text.getBoundingClientRect().height)',
    );
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(9);
  });

  it('has nothing that axe objects to', async () => {
    await page.evaluate(axe.source);
    const found = await page.evaluate<AxeResults>('axe.run(document)');
    expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(found.passes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['color-contrast', 'svg-img-alt', 'td-headers-attr']),
    );
  });
});

it('the policy of the page keeps scripts from running', async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  await page.evaluate(
    'document.body.append(Object.assign(document.createElement("script"), { textContent: "hasRun = true" }))',
  );
  expect(await page.evaluate('typeof hasRun')).toBe('undefined');
  await page.close();
});

it('prints: folded lists are open and the paper is white', async () => {
  const page = await browser.newPage({ colorScheme: 'dark' });
  await page.goto(pathToFileURL(join(folder, 'compare.html')).href);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  expect((await page.locator('details table').boundingBox())!.height).toBeGreaterThan(100);
  await page.close();
});
