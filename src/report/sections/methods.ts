/** How the numbers were made, for those who have to defend them. */
import { html } from '../html';
import type { Section } from '../section';

const METHODS: readonly (readonly [name: string, definition: string])[] = [
  ['Detected', 'The model answered yes. Narratives with an error have no answer and are in no ratio.'],
  ['95 % Wilson', 'Score interval of a share (Wilson 1927); used wherever an interval has no other name.'],
  ['95 % exact', 'Clopper and Pearson’s interval (1934), which never covers less than 95 %.'],
  [
    '95 % by incident',
    'Percentile bootstrap that redraws whole incidents 2,000 times with a fixed seed, because narratives of one incident are not independent (Davison and Hinkley 1997).',
  ],
  [
    'Cohen’s kappa',
    'Agreement beyond chance (Cohen 1960); interval from the standard error of Fleiss, Cohen and Everitt (1969).',
  ],
  [
    'PABAK',
    'Kappa adjusted for prevalence and bias: twice the agreement less one (Byrt, Bishop and Carlin 1993).',
  ],
  [
    'Positive and negative agreement',
    'Twice the shared answers of a class over all answers of that class by both (Cicchetti and Feinstein 1990).',
  ],
  [
    'Precision, recall, F1',
    'Over answers with a label: TP / (TP + FP), TP / (TP + FN), 2 TP / (2 TP + FP + FN).',
  ],
  [
    'Label of an incident',
    'As the data gives it; else, where all its narratives are labelled, yes if one of these labels is. Other incidents are not scored.',
  ],
  ['Brier score', 'Mean of (confidence − right)², with right 1 or 0 (Brier 1950, halved for two classes).'],
  [
    'Expected calibration error',
    'Distance of mean confidence and share of right answers, averaged over ten bins of equal width (0 to 0.1, … 0.9 to 1; a value on an edge belongs to the bin below it), weighted by answers (Naeini et al. 2015).',
  ],
  ['Medians and quartiles', 'R’s type 7, from values rounded to 0.01 s, one token, or 0.0001 of confidence.'],
];

/** Definitions and sources. */
export function methodsSection(): Section {
  return {
    id: 'methods',
    title: 'How the numbers were made',
    content: html`<dl class="methods">
      ${METHODS.map(
        ([name, definition]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${definition}</dd>
          </div> `,
      )}
    </dl>`,
  };
}
