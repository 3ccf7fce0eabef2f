/** Takes the pictures of the pages in docs/images, from made-up results: npm run screenshots (after npm run build) */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startChromium } from '../test/browser/chromium';
import { makeLabelledStudy } from '../test/helpers/labelled-study';
import { makeProductionStudy, STUDY_FILES } from '../test/helpers/production-study';
import { takeWebUiPictures } from './web-ui-pictures';
import { terminalPage } from './terminal-page';
import { captureWatch } from './watch-screens';

const IMAGES = resolve('docs/images');
const CLIENT = resolve('dist/client.js');

/** `section` is scrolled to the top; null = the beginning of the page. */
const PICTURES = [
  { name: 'report', page: 'report.html', section: null, width: 1080, height: 1000, scheme: 'light' },
  {
    name: 'report-detection',
    page: 'report.html',
    section: 'detection',
    width: 1080,
    height: 1500,
    scheme: 'light',
  },
  {
    name: 'report-labels',
    page: 'report.html',
    section: 'labels',
    width: 1080,
    height: 1130,
    scheme: 'dark',
  },
  { name: 'report-phone', page: 'report.html', section: null, width: 390, height: 844, scheme: 'dark' },
  { name: 'compare', page: 'compare.html', section: null, width: 1080, height: 1000, scheme: 'light' },
  {
    name: 'compare-labels',
    page: 'compare.html',
    section: 'labels',
    width: 1080,
    height: 620,
    scheme: 'light',
  },
] as const;

async function makeScreenshots(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  const client = (...argv: string[]): void =>
    void execFileSync(process.execPath, [CLIENT, ...argv], { cwd: folder, stdio: 'inherit' });
  try {
    makeProductionStudy(folder);
    const { first, second } = makeLabelledStudy(folder);
    client('report', '--db', STUDY_FILES.results, '--out', 'report.html', '--against', STUDY_FILES.labels);
    client('compare', first, second, '--db', 'study.db', '--html', 'compare.html');
    mkdirSync(IMAGES, { recursive: true });
    const browser = await startChromium();
    for (const { name, page: file, section, width, height, scheme } of PICTURES) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
      await page.goto(`${pathToFileURL(join(folder, file)).href}${section === null ? '' : `#${section}`}`);
      await page.screenshot({ path: join(IMAGES, `${name}.png`) });
      await page.close();
    }
    const terminal = await browser.newPage();
    await terminal.setContent(terminalPage(await captureWatch()));
    await terminal.locator('body').screenshot({ path: join(IMAGES, 'watch.png') });
    await takeWebUiPictures(browser, IMAGES);
    await browser.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void makeScreenshots();
