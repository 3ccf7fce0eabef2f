/**
 * `client disagreements [EXPERIMENT]`: answers that differ from the labels, the surest first. Rationales and indicators
 * quote narratives, so they are printed only where the narratives are.
 */
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
  summary: 'false positives and false negatives; by default of the latest experiment',
  examples: [
    ['client disagreements ID --kind fp', 'the false positives, by incident and type'],
    ['client disagreements ID --with-text', 'with the reasons that the model gave, and the narratives'],
  ],
  declareOptions: (command) =>
    command
      .addOption(
        new Option('--kind <kind>', 'false positives, false negatives or both')
          .choices(['fp', 'fn', 'both'])
          .default('both'),
      )
      .option('--with-text', 'print rationales, indicators and narratives too'),
  run: (context, { kind, withText }, argument) =>
    listDisagreements(context, argument(0), kind, withText === true),
};

/** Prints the rows; what quotes narratives only where it is asked for. */
export function listDisagreements(
  { resultsFile, output }: CommandContext,
  experimentId: string | undefined,
  kind: Kind,
  withText: boolean,
): Promise<ExitCode> {
  return readExperiment(resultsFile, experimentId, async (store, { experiment_id: id }) => {
    const wanted = kind === 'both' ? null : kind === 'fp' ? 'false_positive' : 'false_negative';
    const { inspection } = store;
    await output.list(factsOf(inspection.disagreements(id, wanted, null), withText), () => {
      const counts = inspection.countDisagreements(id);
      if (wanted !== null) counts[wanted === 'false_positive' ? 'false_negative' : 'false_positive'] = 0;
      return format(id, counts, [...inspection.disagreements(id, wanted, MAX_SHOWN)], withText);
    });
    return EXIT.completed;
  });
}

function* factsOf(rows: Iterable<DisagreementRow>, withText: boolean): Iterable<object> {
  for (const { narrative_text: text, indicators, rationale, ...row } of rows)
    yield {
      ...row,
      ...(withText ? { rationale, indicators: readList(indicators), narrative_text: text } : {}),
    };
}

function readList(indicators: string | null): unknown {
  return indicators === null ? [] : (JSON.parse(indicators) as unknown);
}

function format(
  id: string,
  { false_positive: nPositive, false_negative: nNegative }: Record<DisagreementRow['kind'], number>,
  shown: readonly DisagreementRow[],
  withText: boolean,
): string {
  const n = nPositive + nNegative;
  const left = n - shown.length;
  return [
    `${n} disagreements with labels in ${id}: ${nPositive} false positives, ${nNegative} false negatives`,
    ...shown.map((row) => formatRow(row, withText)),
    ...(left > 0 ? [`... and ${left} more: see --json`] : []),
    ...(n > 0 && !withText ? [`Reasons and texts: client disagreements ${id} --with-text`] : []),
  ].join('\n');
}

function formatRow(row: DisagreementRow, withText: boolean): string {
  const name = toPlainLine(`${row.incident_id} ${row.narrative_type}`, 60);
  const confidence = row.confidence === null ? 'no confidence given' : `confidence ${row.confidence}`;
  const heading = `${name}  ${row.kind.replace('_', ' ')}, ${confidence}`;
  if (!withText) return heading;
  return [
    '',
    heading,
    `  rationale   ${toPlainLine(row.rationale ?? 'none given', 1000)}`,
    `  indicators  ${toPlainLine(row.indicators ?? '[]', 500)}`,
    `  text        ${indent(row.narrative_text ?? '')}`,
  ].join('\n');
}

function indent(text: string): string {
  return toPlainText(text).trim().replaceAll('\n', '\n              ');
}
