/** How many narratives have an answer, and why others have none. */
import type { CoverageCounts } from '../../metrics/coverage-figures';
import type { ExperimentReport } from '../../metrics/experiment-report';
import { html, type HtmlValue } from '../html';
import { formatCount, formatPercent } from '../number-format';
import { beside, type Section } from '../section';
import { folded, table } from '../table';

/** Coverage by kind of narrative, errors by category. */
export function coverageSection({ coverage, experiment }: ExperimentReport): Section {
  const row = (name: string, counts: CoverageCounts): HtmlValue[] => [
    name,
    formatCount(counts.n_narratives),
    formatCount(counts.answered.part),
    formatCount(counts.n_errors),
    formatCount(counts.n_missing),
    formatPercent(counts.answered.ratio),
  ];
  const number = (name: string) => ({ name, isNumber: true });
  return {
    id: 'coverage',
    title: 'Coverage and errors',
    content: html`<p>
        ${formatCount(coverage.answered.part)} of ${formatCount(coverage.n_narratives)} narratives have an
        answer (${formatPercent(coverage.answered.ratio)}). ${formatCount(coverage.n_errors)} have an error
        and no answer: they count neither as detected nor as not detected. It took
        ${formatCount(experiment.n_calls)} calls and ${formatCount(experiment.n_attempts)} attempts.
      </p>
      ${beside(
        table(
          'Narratives by kind',
          [
            { name: 'Kind' },
            number('Narratives'),
            number('Answers'),
            number('Errors'),
            number('Open'),
            number('Answered'),
          ],
          [...coverage.by_type.map((type) => row(type.narrative_type, type)), row('all', coverage)],
        ),
        coverage.n_errors > 0 &&
          table(
            'Errors by category',
            [{ name: 'Category' }, number('Narratives'), number('Share')],
            coverage.errors_by_category.map(({ category, errors }) => [
              category ?? 'not known',
              formatCount(errors.part),
              formatPercent(errors.ratio, 4),
            ]),
          ),
      )}
      ${
        coverage.n_errors > 0 &&
        folded(
          `Narratives without an answer (${formatCount(coverage.errors.length)}${coverage.n_errors > coverage.errors.length ? ` of ${formatCount(coverage.n_errors)}` : ''})`,
          table(
            'Narratives without an answer',
            [{ name: 'Incident' }, { name: 'Kind' }, { name: 'Category' }],
            coverage.errors.map((error) => [error.incident_id, error.narrative_type, error.error_category]),
          ),
        )
      }`,
  };
}
