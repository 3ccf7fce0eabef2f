/** What the narratives of one incident say together, and whether they say the same. */
import type { ExperimentReport } from '../../metrics/experiment-report';
import type { PairAgreement } from '../../metrics/incident-figures';
import { html, type Html } from '../html';
import {
  formatCount,
  formatPercent,
  formatPercentInterval,
  formatRatio,
  formatRatioInterval,
} from '../number-format';
import { beside, type Section } from '../section';
import { table } from '../table';

const MOST_PAIRS = 6;

/** The either rule, and agreement with kappa. */
export function incidentSection({ incidents }: ExperimentReport): Section {
  const { either } = incidents;
  return {
    id: 'incidents',
    title: 'Incidents and agreement of their narratives',
    content: html`<p>
        An incident counts as detected if any of its narratives is: ${formatCount(either.part)} of
        ${formatCount(either.whole)} incidents, ${formatPercent(either.ratio)} (95 % interval
        ${formatPercentInterval(either.interval)}).
        ${incidents.n_partly_answered > 0 && html`${formatCount(incidents.n_partly_answered)} of them have a narrative without an answer and are judged by the others.`}
      </p>
      ${table(
        'Incidents by the narratives that are answered',
        [
          { name: 'Narratives' },
          { name: 'Incidents', isNumber: true },
          { name: 'Detected', isNumber: true },
          { name: 'Share', isNumber: true },
          { name: '95 % interval', isNumber: true },
        ],
        incidents.by_answered.map(({ narrative_types: types, detected }) => [
          types.join(' + '),
          formatCount(detected.whole),
          formatCount(detected.part),
          formatPercent(detected.ratio),
          formatPercentInterval(detected.interval),
        ]),
      )}
      ${incidents.agreement.slice(0, MOST_PAIRS).map(pairBlock)}
      ${incidents.agreement.length === 0 && html`<p>No incident has answers for two narratives, so there is no agreement to report.</p>`}`,
  };
}

function pairBlock(pair: PairAgreement): Html {
  const { first, second } = pair;
  return html`<h3>Agreement of ${first} with ${second}</h3>
    <p>
      In ${formatPercent(pair.agreement.ratio)} of ${formatCount(pair.n)} incidents both narratives get the
      same answer. Most of that is shared “no”, which chance alone would bring about: Cohen’s kappa, which
      takes chance off, is ${formatRatio(pair.kappa)} (0 is chance, 1 is perfect). Where either narrative is
      detected, both are in ${formatPercent(pair.positive_agreement, 1)} of the mentions (positive agreement).
    </p>
    ${beside(crossTable(pair), measures(pair))}`;
}

function crossTable(pair: PairAgreement): Html {
  const { first, second, both_yes, only_first, only_second, both_no } = pair;
  return table(
    `Answers of ${first} and ${second}`,
    [
      { name: '' },
      { name: `${second} detected`, isNumber: true },
      { name: `${second} not detected`, isNumber: true },
      { name: 'all', isNumber: true },
    ],
    [
      [
        `${first} detected`,
        formatCount(both_yes),
        formatCount(only_first),
        formatCount(both_yes + only_first),
      ],
      [
        `${first} not detected`,
        formatCount(only_second),
        formatCount(both_no),
        formatCount(only_second + both_no),
      ],
      ['all', formatCount(both_yes + only_second), formatCount(only_first + both_no), formatCount(pair.n)],
    ],
  );
}

function measures(pair: PairAgreement): Html {
  return table(
    'Measures of agreement',
    [{ name: 'Measure' }, { name: 'Value', isNumber: true }, { name: '95 % interval', isNumber: true }],
    [
      ['Agreement', formatPercent(pair.agreement.ratio), formatPercentInterval(pair.agreement.interval)],
      ['Cohen’s kappa', formatRatio(pair.kappa), formatRatioInterval(pair.kappa_interval)],
      ['PABAK', formatRatio(pair.pabak), ''],
      ['Positive agreement', formatRatio(pair.positive_agreement), ''],
      ['Negative agreement', formatRatio(pair.negative_agreement), ''],
    ],
  );
}
