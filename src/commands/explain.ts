/** `client explain EXPERIMENT INCIDENT TYPE`: what came of one narrative, and why: its answer and every attempt. */
import type { FrozenConfig } from '../config/frozen-config';
import { spellingsOfId } from '../dataset/id-spellings';
import { EXIT, ExperimentNotFoundError, type ExitCode } from '../errors';
import { batchOfPosition } from '../experiment';
import { createPromptRenderer } from '../llm/render-prompt';
import type { ExperimentRow } from '../store/experiments';
import type { ResultRow } from '../store/inspection';
import type { Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { toPlainLine, toPlainText } from './plain-text';
import { readExperiment } from './read-experiment';

interface ExplainFlags {
  withText?: true;
}

/** `client explain`. */
export const explainCommand: CommandDefinition<ExplainFlags> = {
  syntax: 'explain <experiment> <incident> <type>',
  summary: 'one narrative: its answer or error and every attempt at it',
  examples: [
    ['client explain study-1a2b3c4d5e 100017 cme', 'why this one is as it is'],
    [
      'client explain study-1a2b3c4d5e 100017 cme --with-text',
      'the text, the prompt and the raw replies too',
    ],
  ],
  declareOptions: (command) =>
    command.option('--with-text', 'print the narrative, the prompt, the reasoning and the raw replies too'),
  run: (context, { withText }, argument) =>
    explain(context, [argument(0)!, argument(1)!, argument(2)!], withText === true),
};

/** Prints the facts. Throws ExperimentNotFoundError when the narrative is not on the experiment's list. */
export function explain(
  { resultsFile, output }: CommandContext,
  [experimentId, incidentId, narrativeType]: readonly [string, string, string],
  withText: boolean,
): Promise<ExitCode> {
  return readExperiment(resultsFile, experimentId, (store, row) => {
    const facts = gather(store, row, { incidentId, narrativeType: narrativeType.toLowerCase(), withText });
    output.facts(facts, () => format(facts));
    return EXIT.completed;
  });
}

interface Wanted {
  incidentId: string;
  narrativeType: string;
  withText: boolean;
}

type Explanation = ReturnType<typeof gather>;

function gather(store: Store, row: ExperimentRow, { incidentId, narrativeType, withText }: Wanted) {
  const id = row.experiment_id;
  const narrative = store.inspection.findNarrative(id, spellingsOfId(incidentId), narrativeType);
  if (narrative === undefined) {
    throw new ExperimentNotFoundError(
      `There is no narrative of incident ${incidentId} and type ${narrativeType} on the list of ${id}. ` +
        'Check both, or whether the experiment is limited to the first narratives: client show ' +
        id,
    );
  }
  const { narrative_text: text, position, narrative_id: narrativeId, ...who } = narrative;
  const result = store.inspection.getResult(id, narrativeId);
  return {
    experiment_id: id,
    ...who,
    position,
    // null = it is asked itself.
    same_text_as: store.twins.findAsked(id, position) ?? null,
    n_twins: store.twins.countOf(id, position),
    batch: batchOfPosition(position, row.batch_size),
    prompt_sha256: row.prompt_sha256,
    // undefined = not asked for; such fields are left out of the document.
    narrative_text: withText ? text : undefined,
    prompt: withText ? renderPrompt(row, text) : undefined,
    result: result === undefined ? null : withoutTexts(result, withText),
    attempts: store.inspection
      .listAttempts(id, narrativeId)
      .map((attempt) => withoutTexts(attempt, withText)),
  };
}

/** They hold the narrative, or are likely to quote it at length. */
const TEXT_FIELDS = [
  'narrative_text',
  'raw_response',
  'reasoning_steps',
  'reasoning',
  'refusal',
  'answer_fields',
  'older_row',
];

function withoutTexts(row: ResultRow, withText: boolean): ResultRow {
  if (withText) return row;
  return Object.fromEntries(Object.entries(row).filter(([field]) => !TEXT_FIELDS.includes(field)));
}

function renderPrompt(row: ExperimentRow, text: string | null) {
  const prompts: Pick<FrozenConfig, 'systemPrompt' | 'userTemplate'> = {
    systemPrompt: row.system_prompt,
    userTemplate: row.user_template,
  };
  return createPromptRenderer(prompts)(text ?? '');
}

const SHOWN_RESULT = [
  'detected',
  'confidence',
  'confidence_text',
  'rationale',
  'indicators',
  'parse_notes',
  'parser_version',
  'error_category',
  'error_code',
  'http_status',
  'error_message',
  'first_error_message',
  'pass',
  'n_attempts',
  'n_calls',
  'response_sec',
  'finish_reason',
  'response_model',
  'endpoint',
  'prompt_tokens',
  'completion_tokens',
  'processed_at',
  'detected_hint',
  'confidence_hint',
  'refusal',
  'reasoning_steps',
  'raw_response',
];

function format(facts: Explanation): string {
  const { result, attempts } = facts;
  const label = facts.manual_flag_ind ?? 'none';
  const { prompt } = facts;
  return [
    `${toPlainLine(`${facts.incident_id} ${facts.narrative_type}`, 60)} in ${facts.experiment_id}: position ${facts.position}, batch ${facts.batch}, label ${label}`,
    ...(facts.narrative_text === undefined ? [] : ['', 'TEXT', indent(facts.narrative_text ?? '')]),
    ...(prompt === undefined
      ? []
      : ['', 'SYSTEM PROMPT', indent(prompt.system), '', 'USER MESSAGE', indent(prompt.user)]),
    ...sameText(facts),
    '',
    result === null ? 'No result yet.' : verdict(result),
    ...(result === null ? [] : lines(result, SHOWN_RESULT)),
    '',
    `${attempts.length} ${attempts.length === 1 ? 'attempt' : 'attempts'}`,
    ...attempts.map(formatAttempt),
  ].join('\n');
}

function sameText({ same_text_as: asked, n_twins: nTwins, experiment_id: id }: Explanation): string[] {
  if (nTwins > 0) return [`It is asked for ${nTwins} more with the same text, which take its answer.`];
  if (asked === null) return [];
  const name = toPlainLine(`${asked.incident_id} ${asked.narrative_type}`, 60);
  return [
    `It has the text of ${name} (position ${asked.position}), which is asked instead; the answer is taken from there.`,
    `The attempts: client explain ${id} ${name}`,
  ];
}

function verdict(result: ResultRow): string {
  if (result.error_occurred === 1) return 'An error: no answer could be had.';
  return result.detected === 1 ? 'Answered: detected.' : 'Answered: not detected.';
}

function formatAttempt(attempt: ResultRow, index: number): string {
  const outcome = attempt.error_category === null ? 'answered' : 'error';
  const seconds = Number(attempt.response_sec).toFixed(2);
  const head = `  ${index + 1}. pass ${attempt.pass}, ${attempt.started_at}, ${attempt.n_calls} calls, last ${seconds} s: ${outcome}`;
  return [
    head,
    ...lines(attempt, ['error_category', 'error_code', 'http_status', 'error_message', 'raw_response']),
  ].join('\n');
}

function lines(row: ResultRow, fields: readonly string[]): string[] {
  return fields
    .filter((field) => row[field] !== null && row[field] !== undefined)
    .map(
      (field) =>
        `    ${field.padEnd(20)}${toPlainText(String(row[field])).replaceAll('\n', `\n${' '.repeat(24)}`)}`,
    );
}

function indent(text: string): string {
  return `  ${toPlainText(text).trim().replaceAll('\n', '\n  ')}`;
}
