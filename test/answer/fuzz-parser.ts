/**
 * `npm run fuzz-parser -- --cases 1000000 --seed 1`: parses made-up answers, whole and damaged, and prints how many were
 * read, how many wrongly (the exit code then is 1) and how long the slowest took, replies of 1 MB among them.
 */
import { parseArgs } from 'node:util';
import { formatFuzzReport, fuzz, timeLargeReplies } from './fuzz';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const report = fuzz({ cases: Number(values.cases), seed: Number(values.seed) });
process.stdout.write(`${formatFuzzReport(report)}\n`);
const large = timeLargeReplies();
process.stdout.write(`${large.length} large replies, the slowest:\n`);
for (const { name, durationMs } of large.slice(0, 5)) {
  process.stdout.write(`${durationMs.toFixed(1).padStart(6)} ms  ${name}\n`);
}
process.exitCode = report.wrong.length > 0 ? 1 : 0;
