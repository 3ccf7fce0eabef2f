/** How far the answers of two experiments agree. */
import type { Agreement } from '../../metrics/agreement';
import type { ComparisonReport } from '../../metrics/comparison-report';
import { html, type HtmlValue } from '../html';
import {
  formatCount,
  formatPercent,
  formatPercentInterval,
  formatProbability,
  formatRatio,
  formatRatioInterval,
} from '../number-format';
import { unevenly, type Section } from '../section';
import { table } from '../table';

/** Cross table, difference of the shares detected, agreement by kind of narrative. */
export function answersSection({ statistics }: ComparisonReport): Section {
  const { answers, detected } = statistics;
  return {
    id: 'answers',
    title: 'Answers',
    content: html`<p>
        A detects ${formatPercent(detected.first.ratio)} of ${formatCount(answers.n)} common narratives, B
        ${formatPercent(detected.second.ratio)}. The difference is
        ${formatPercent(detected.difference.difference)} with a 95 % interval of
        ${formatPercentInterval(detected.difference.incident_interval)} (whole incidents redrawn); McNemar’s
        exact test gives ${formatProbability(detected.mcnemar_p)}.
      </p>
      ${unevenly(crossTable(answers), agreementTable(statistics))}`,
  };
}

function crossTable({ both_yes, only_first, only_second, both_no, n }: Agreement): HtmlValue {
  return table(
    'Answers of A and B',
    ['', 'B detected', 'B not detected', 'all'].map((name, index) => ({ name, isNumber: index > 0 })),
    [
      ['A detected', ...[both_yes, only_first, both_yes + only_first].map(formatCount)],
      ['A not detected', ...[only_second, both_no, only_second + both_no].map(formatCount)],
      ['all', ...[both_yes + only_second, only_first + both_no, n].map(formatCount)],
    ],
  );
}

function agreementTable({ answers, by_type }: ComparisonReport['statistics']): HtmlValue {
  const row = (name: string, of: Agreement): HtmlValue[] => [
    name,
    formatCount(of.n),
    formatPercent(of.agreement.ratio),
    html`${formatRatio(of.kappa)} <small>(${formatRatioInterval(of.kappa_interval, 2)})</small>`,
    formatRatio(of.positive_agreement),
    formatRatio(of.negative_agreement),
  ];
  return table(
    'Agreement of A and B',
    ['', 'Narratives', 'Same', 'Kappa (95 %)', 'Positive', 'Negative'].map((name, index) => ({
      name,
      isNumber: index > 0,
    })),
    [...by_type.map((type) => row(type.narrative_type, type)), row('all', answers)],
  );
}
