/** Makes the made-up production study in a folder: node scripts/run-typescript.js scripts/make-production-study.ts FOLDER */
import { mkdirSync } from 'node:fs';
import { makeProductionStudy } from '../test/helpers/production-study';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name a folder for the made-up study.');
mkdirSync(folder, { recursive: true });
makeProductionStudy(folder);
