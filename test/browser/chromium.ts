/** The Chromium of the system, for tests and screenshots of pages. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts it without a window. Throws when there is none. */
export async function startChromium(): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM_PATH, ...PLACES].find(
    (place) => place !== undefined && existsSync(place),
  );
  if (executablePath === undefined)
    throw new Error('No Chromium: install it (apt-get install chromium), or name it in CHROMIUM_PATH.');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
