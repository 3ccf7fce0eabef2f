/** Makes the made-up labelled study in a folder: node scripts/run-typescript.js scripts/make-labelled-study.ts FOLDER */
import { makeLabelledStudy } from '../test/helpers/labelled-study';
const { first, second } = makeLabelledStudy(process.argv[2]!);
process.stdout.write(`${first} ${second}\n`);
