/** The facts of an experiment as sections for people. */
import { formatRatio, formatScores, type GroupMetrics } from './experiment-metrics';
import { toPlainLine, toPlainText } from './plain-text';
import type { ExperimentFacts } from './show';

type Line = readonly [name: string, value: string | number | null];

const NAME_WIDTH = 22;
const SHOWN_EVENTS = 20;

/** Sections with a heading each. */
export function formatShow(facts: ExperimentFacts): string {
  const sections: [string, string[]][] = [
    ['DETAILS', lines(details(facts))],
    ['MODEL CONFIGURATION', lines(model(facts))],
    ['PROMPTS', prompts(facts)],
    ['DATA & PROCESSING', lines(data(facts))],
    ['TIMING', lines(timing(facts))],
    ['RESULTS', lines(results(facts))],
    ['METRICS', metrics(facts)],
    ['CONFUSION MATRIX', confusion(facts.metrics)],
    ['OUTPUT FILES', lines(Object.entries(facts.output_files))],
    ['SYSTEM INFO', lines(Object.entries(facts.system))],
    ['NOTES', facts.notes === null ? [] : [`  ${toPlainText(facts.notes).trim().replaceAll('\n', '\n  ')}`]],
    ['EVENTS', events(facts)],
  ];
  return sections
    .map(([heading, body]) => [heading, ...(body.length === 0 ? ['  none'] : body)].join('\n'))
    .join('\n\n');
}

function lines(pairs: readonly Line[]): string[] {
  return pairs
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)}${toPlainLine(String(value), 500)}`);
}

function details(facts: ExperimentFacts): Line[] {
  return [
    ['experiment', facts.experiment_id],
    ['name', facts.experiment_name],
    ['author', facts.author],
    ['status', facts.status_reason === null ? facts.status : `${facts.status}: ${facts.status_reason}`],
    ['replicate', facts.replicate],
    ['fingerprint', facts.fingerprint],
    ['workflow', facts.workflow_id],
    ['results file', facts.db],
  ];
}

function model({ model: { name, provider, temperature, max_tokens, api_url } }: ExperimentFacts): Line[] {
  return [
    ['model', name],
    ['provider', provider],
    ['temperature', temperature],
    ['longest reply', max_tokens === null ? null : `${max_tokens} tokens`],
    ['endpoint', api_url],
  ];
}

function prompts({ prompt }: ExperimentFacts): string[] {
  const parts: [string, string | undefined, number][] = [
    ['system prompt', prompt.system_prompt, prompt.system_prompt_characters],
    ['user template', prompt.user_template, prompt.user_template_characters],
  ];
  return [
    ...lines([
      ['version', prompt.version],
      ['sha256', prompt.sha256],
    ]),
    ...parts.map(([name, text, characters]) =>
      text === undefined
        ? `  ${name.padEnd(NAME_WIDTH)}${characters} characters; in full with --prompts`
        : `  ${name}:\n    ${toPlainText(text).trimEnd().replaceAll('\n', '\n    ')}`,
    ),
  ];
}

function data({ data: facts }: ExperimentFacts): Line[] {
  return [
    ['dataset', `${facts.dataset_id} (${facts.n_narratives ?? 'unknown'} narratives)`],
    ['file', facts.file],
    ['imported', facts.imported_at],
    ['texts sha256', facts.texts_sha256],
    ['file md5', facts.file_md5],
    ['limit', facts.max_narratives],
    ['batch size', facts.batch_size],
    [
      'asked once',
      facts.ask_once ? `yes; ${facts.n_twins} take the answer of a narrative with the same text` : null,
    ],
    ['seed', facts.seed],
  ];
}

function timing({ timing: times, statistics }: ExperimentFacts): Line[] {
  const seconds = (value: number | null): string | null => (value === null ? null : `${value.toFixed(2)} s`);
  return [
    ['created', times.created_at],
    ['ended', times.end_time],
    ['time worked', seconds(times.total_runtime_sec)],
    ['time of a call, mean', seconds(statistics.meanSec)],
    ['shortest, longest', joined(seconds(statistics.minSec), seconds(statistics.maxSec))],
  ];
}

function results(facts: ExperimentFacts): Line[] {
  const { statistics } = facts;
  const tokens = [statistics.promptTokens, statistics.completionTokens].map((count) => String(count ?? '?'));
  return [
    [
      'narratives',
      `${facts.n_narratives_completed} of ${facts.n_narratives_total}, ${facts.n_remaining} to do`,
    ],
    ['detected', facts.n_detected],
    ['mean confidence', statistics.meanConfidence === null ? null : formatRatio(statistics.meanConfidence)],
    ['errors', `${facts.n_errors}${listErrors(facts)}`],
    ['attempts, calls', `${statistics.nAttempts}, ${statistics.nCalls}`],
    ['tokens in, out', statistics.promptTokens === null ? null : tokens.join(', ')],
    [
      'tokens mean, most',
      statistics.meanTokens === null ? null : `${statistics.meanTokens.toFixed(0)}, ${statistics.maxTokens}`,
    ],
  ];
}

function listErrors({ errors }: ExperimentFacts): string {
  if (errors.length === 0) return '';
  return ` (${errors.map(({ category, count }) => `${count} ${category ?? 'of no category'}`).join(', ')})`;
}

function metrics({ metrics: all }: ExperimentFacts): string[] {
  const interval = (pair: [number, number] | null): string | null =>
    pair === null ? null : `${formatRatio(pair[0])} to ${formatRatio(pair[1])} (95 %)`;
  const kinds = all.by_type.length > 1 ? all.by_type : [];
  return lines([
    ['all', formatScores(all)],
    ...kinds.map((kind): Line => [kind.narrative_type, formatScores(kind)]),
    ['precision', interval(all.precision_interval)],
    ['recall', interval(all.recall_interval)],
    ['accuracy', interval(all.accuracy_interval)],
    ['specificity', all.specificity === null ? null : formatRatio(all.specificity)],
    ["Cohen's kappa", all.kappa === null ? null : formatRatio(all.kappa)],
  ]);
}

function confusion(all: GroupMetrics): string[] {
  if (all.n_scored === 0) return ['  n/a'];
  const row = (name: string, ...cells: (string | number)[]): string =>
    `  ${name.padEnd(NAME_WIDTH)}${cells.map((cell) => String(cell).padStart(12)).join('')}`;
  return [
    row('', 'labelled yes', ' labelled no'),
    row('detected', `TP ${all.true_positive}`, `FP ${all.false_positive}`),
    row('not detected', `FN ${all.false_negative}`, `TN ${all.true_negative}`),
  ];
}

function events({ events: all }: ExperimentFacts): string[] {
  const left = all.length - SHOWN_EVENTS;
  return [
    ...(left > 0 ? [`  ${left} earlier ones: see --json`] : []),
    ...all
      .slice(-SHOWN_EVENTS)
      .map(
        ({ occurred_at, kind, detail }) =>
          `  ${occurred_at}  ${kind}${detail === null ? '' : `: ${toPlainLine(detail)}`}`,
      ),
  ];
}

function joined(...values: (string | null)[]): string | null {
  return values.every((value) => value !== null) ? values.join(', ') : null;
}
