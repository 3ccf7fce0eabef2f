/** `client disagreements [EXPERIMENT]`: answers that differ from the labels, the surest first, with their reasons. */
import { Option } from 'commander';
import { EXIT, type ExitCode } from '../errors';
import type { DisagreementRow } from '../store/inspection';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { toPlainLine, toPlainText } from './plain-text';
import { readExperiment } from './read-experiment';

/** Disagreements that a person is shown; `--json` gives all. */
const MAX_SHOWN = 100;

type Kind = 'fp' | 'fn' | 'both';

interface DisagreementFlags {
  kind: Kind;
  withText?: true;
}

/** `client disagreements`. */
export const disagreementsCommand: CommandDefinition<DisagreementFlags> = {
  syntax: 'disagreements [experiment]',
  summary: 'false positives and false negatives with their rationale; by default of the latest experiment',
  declareOptions: (command) =>
    command
      .addOption(
        new Option('--kind <kind>', 'false positives, false negatives or both')
          .choices(['fp', 'fn', 'both'])
          .default('both'),
      )
      .option('--with-text', 'print the narratives too'),
  run: (context, { kind, withText }, argument) =>
    listDisagreements(context, argument(0), kind, withText === true),
};

/** Prints the rows; narratives only where they are asked for. */
export function listDisagreements(
  { resultsFile, output }: CommandContext,
  experimentId: string | undefined,
  kind: Kind,
  withText: boolean,
): ExitCode {
  return readExperiment(resultsFile, experimentId, (store, { experiment_id: id }) => {
    const wanted = kind === 'both' ? null : kind === 'fp' ? 'false_positive' : 'false_negative';
    const rows = store.inspection
      .listDisagreements(id)
      .filter((row) => wanted === null || row.kind === wanted);
    const facts = rows.map(({ narrative_text: text, indicators, ...row }) => ({
      ...row,
      indicators: readList(indicators),
      ...(withText ? { narrative_text: text } : {}),
    }));
    output.facts(facts, () => format(id, rows, withText));
    return EXIT.completed;
  });
}

function readList(indicators: string | null): unknown {
  return indicators === null ? [] : (JSON.parse(indicators) as unknown);
}

function format(id: string, rows: readonly DisagreementRow[], withText: boolean): string {
  const count = (kind: DisagreementRow['kind']): number => rows.filter((row) => row.kind === kind).length;
  const left = rows.length - MAX_SHOWN;
  return [
    `${rows.length} disagreements with labels in ${id}: ${count('false_positive')} false positives, ${count('false_negative')} false negatives`,
    ...rows.slice(0, MAX_SHOWN).map((row) => formatRow(row, withText)),
    ...(left > 0 ? [`... and ${left} more: see --json`] : []),
  ].join('\n');
}

function formatRow(row: DisagreementRow, withText: boolean): string {
  const name = toPlainLine(`${row.incident_id} ${row.narrative_type}`, 60);
  const confidence = row.confidence === null ? 'no confidence given' : `confidence ${row.confidence}`;
  return [
    '',
    `${name}  ${row.kind.replace('_', ' ')}, ${confidence}`,
    `  rationale   ${toPlainLine(row.rationale ?? 'none given', 1000)}`,
    `  indicators  ${toPlainLine(row.indicators ?? '[]', 500)}`,
    ...(withText ? [`  text        ${indent(row.narrative_text ?? '')}`] : []),
  ].join('\n');
}

function indent(text: string): string {
  return toPlainText(text).trim().replaceAll('\n', '\n              ');
}
