/** Two experiments over the narratives that both answered, and what differs in their settings. */
import { describeDifference } from '../config/difference';
import { EXIT, type ExitCode } from '../errors';
import { writeWholeFile } from '../export/write-whole-file';
import type { PairComparison } from '../metrics/pair-comparison';
import type { Scores } from '../metrics/score';
import type { ExperimentRow } from '../store/experiments';
import type { CommandContext } from './command-context';
import { formatRatio } from './experiment-metrics';
import { frozenOf, readPairs } from './experiment-comparison';
import { findExperiment } from './find-experiment';
import { pageFile } from './page-file';
import { readExperiment } from './read-experiment';

/** Prints counts, scores on the common narratives and McNemar's test. Throws ExperimentNotFoundError, ExportError. */
export async function compare(
  context: CommandContext,
  firstId: string,
  secondId: string,
  html?: string,
): Promise<ExitCode> {
  const { resultsFile, output } = context;
  const file = html === undefined ? null : pageFile(context, html);
  const { facts, document } = await readExperiment(resultsFile, firstId, (store, first) => {
    const second = findExperiment(store, secondId);
    const notice = noticeOf(first, second);
    const needsAll = file !== null || output.isJson;
    const { comparison, document } = readPairs(store, { first, second, notice, needsAll });
    return { facts: { ...settingsOf(first, second), notice, comparison }, document };
  });
  if (file !== null) {
    const { renderComparison } = await import('../report/render-comparison.js');
    writeWholeFile(file, [await renderComparison(document!)]);
  }
  output.facts({ ...facts, statistics: document?.statistics }, () =>
    file === null ? format(facts) : `${format(facts)}\n\nPage written to ${file}`,
  );
  return EXIT.completed;
}

type Facts = ReturnType<typeof settingsOf> & { notice: string | null; comparison: PairComparison };

function settingsOf(first: ExperimentRow, second: ExperimentRow) {
  const answeredOf = (row: ExperimentRow): number => row.n_narratives_completed - row.n_errors;
  return {
    first: sideOf(first, answeredOf(first)),
    second: sideOf(second, answeredOf(second)),
    same_prompt: first.prompt_sha256 === second.prompt_sha256,
    differences: describeDifference(frozenOf(first), frozenOf(second)),
  };
}

/** What to beware of in the versions of the prompts; null = nothing. */
function noticeOf(first: ExperimentRow, second: ExperimentRow): string | null {
  const samePrompt = first.prompt_sha256 === second.prompt_sha256;
  if (samePrompt === (first.prompt_version === second.prompt_version)) return null;
  return samePrompt
    ? 'The prompts are the same although their versions differ.'
    : `The prompts differ although both are called ${first.prompt_version}.`;
}

function sideOf(row: ExperimentRow, nAnswered: number) {
  return {
    experiment_id: row.experiment_id,
    status: row.status,
    model: row.model_name,
    prompt_version: row.prompt_version,
    prompt_sha256: row.prompt_sha256,
    n_answered: nAnswered,
  };
}

function format(facts: Facts): string {
  const { first, second, comparison: c } = facts;
  const percent = (value: number | null): string =>
    value === null ? 'n/a' : `${(100 * value).toFixed(1)} %`;
  return [
    `A  ${first.experiment_id}: ${first.n_answered} answers, ${first.status}`,
    `B  ${second.experiment_id}: ${second.n_answered} answers, ${second.status}`,
    '',
    'What differs in their settings (A -> B):',
    ...(facts.differences.length === 0 ? ['  nothing'] : facts.differences.map((line) => `  ${line}`)),
    ...(facts.notice === null ? [] : [`  ${facts.notice}`]),
    '',
    `On the ${c.nPairs} narratives that both answered:`,
    `  both detected ${c.bothDetected}, only A ${c.onlyFirstDetected}, only B ${c.onlySecondDetected}, neither ${c.neitherDetected}`,
    `  agreement ${percent(c.agreement)}, Cohen's kappa ${formatRatio(c.kappa)}`,
    '',
    ...labelLines(c),
  ].join('\n');
}

function labelLines(c: PairComparison): string[] {
  if (c.nLabelled === 0) return ['Against labels: n/a (none of these has a label)'];
  const row = (name: string, scores: Scores): string =>
    `  ${name}  precision ${formatRatio(scores.precision)}, recall ${formatRatio(scores.recall)}, ` +
    `F1 ${formatRatio(scores.f1)}, accuracy ${formatRatio(scores.accuracy)}`;
  return [
    `Against labels, on the ${c.nLabelled} of these that have one:`,
    row('A', c.first),
    row('B', c.second),
    `  both right ${c.bothRight}, only A ${c.onlyFirstRight}, only B ${c.onlySecondRight}, neither ${c.neitherRight}`,
    `  McNemar, exact, two-sided: p = ${formatP(c.mcnemarP!)}`,
  ];
}

function formatP(p: number): string {
  return p < 0.0001 ? 'less than 0.0001' : p.toFixed(4);
}
