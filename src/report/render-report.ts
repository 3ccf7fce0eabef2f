/** The report of one experiment as a page. Every number of it stands in the document. */
import type { ExperimentReport } from '../metrics/experiment-report';
import { html } from './html';
import { formatTime } from './number-format';
import { renderPage } from './page';
import { confidenceSection } from './sections/confidence';
import { coverageSection } from './sections/coverage';
import { detectionSection } from './sections/detection';
import { incidentSection } from './sections/incidents';
import { labelSection } from './sections/labels';
import { methodsSection } from './sections/methods';
import { renderOverview } from './sections/overview';
import { textSection } from './sections/texts';
import { usageSection } from './sections/usage';
import { whatWasRun } from './sections/what-was-run';

/** HTML of a report. */
export async function renderReport(report: ExperimentReport): Promise<string> {
  const { experiment } = report;
  return renderPage({
    title: `${experiment.experiment_name}: report`,
    top: renderOverview(report),
    sections: [
      whatWasRun(report),
      coverageSection(report),
      await detectionSection(report),
      incidentSection(report),
      await labelSection(report),
      await confidenceSection(report),
      await textSection(report),
      await usageSection(report),
      methodsSection(),
    ],
    footer: html`Made ${formatTime(report.made_at)} by ${report.made_by} from experiment
      <code>${experiment.experiment_id}</code>. The same numbers, unrounded:
      <code>client report ${experiment.experiment_id} --json</code>.`,
  });
}
