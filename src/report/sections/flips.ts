/** The narratives about which two experiments disagree, by id only. */
import type { PairRow } from '../../metrics/comparison-figures';
import type { ComparisonReport } from '../../metrics/comparison-report';
import { html, type HtmlValue } from '../html';
import { formatCount, formatRatio } from '../number-format';
import type { Section } from '../section';
import { folded, table } from '../table';

/** Flips, incident by incident. */
export function flipsSection({ statistics, first, second }: ComparisonReport): Section {
  const { flips, n_flips: nFlips } = statistics;
  const base = { id: 'flips', title: 'Flips' };
  if (nFlips === 0)
    return { ...base, content: html`<p>None: both give every narrative the same answer.</p>` };
  return {
    ...base,
    content: html`<p>
        ${formatCount(nFlips)} narratives get another answer in B than in A.
        ${nFlips > flips.length && html`The first ${formatCount(flips.length)} are listed.`} Why, tells
        <code>client explain ${first.experiment_id} INCIDENT KIND</code> and the same with
        <code>${second.experiment_id}</code>.
      </p>
      ${folded(
        `The flips (${formatCount(flips.length)})`,
        table(
          'Narratives with another answer',
          [
            { name: 'Incident' },
            { name: 'Kind' },
            { name: 'A' },
            { name: 'B' },
            { name: 'Label' },
            { name: 'Confidence A', isNumber: true },
            { name: 'Confidence B', isNumber: true },
          ],
          flips.map(row),
        ),
      )}`,
  };
}

function row(flip: PairRow): HtmlValue[] {
  const word = (value: 0 | 1 | null): string => (value === null ? '' : value === 1 ? 'yes' : 'no');
  return [
    flip.incident_id,
    flip.narrative_type,
    word(flip.first),
    word(flip.second),
    word(flip.label),
    formatRatio(flip.first_confidence, 2),
    formatRatio(flip.second_confidence, 2),
  ];
}
