/** How many narratives are detected: all, by kind, by column of the data file. */
import type { DetectionReport } from '../../metrics/experiment-figures';
import type { ExperimentReport } from '../../metrics/experiment-report';
import type { Group } from '../../metrics/group-figures';
import { html, type Html } from '../html';
import { formatCount, formatPercent, formatPercentInterval } from '../number-format';
import { intervalPlot } from '../plots/interval-plot';
import { beside, figure, type Section } from '../section';
import { table } from '../table';

/** A longer table stands beside its plot, a shorter one below. */
const SHORT = 12;

/** Shares with their intervals. */
export async function detectionSection({ detection }: ExperimentReport): Promise<Section> {
  const { all } = detection;
  const groupings = [{ column: 'kind of narrative', groups: detection.by_type }, ...detection.by_column];
  const drawn = async (isShort: boolean): Promise<Html[]> =>
    Promise.all(
      groupings
        .filter(({ groups }) => groups.length <= SHORT === isShort)
        .map(({ column, groups }) => groupBlock(column, groups, detection)),
    );
  return {
    id: 'detection',
    title: 'Detection',
    content: html`<p>
        ${formatCount(all.part)} of ${formatCount(all.whole)} answered narratives are detected:
        ${formatPercent(all.ratio)}, 95 % interval ${formatPercentInterval(all.interval)}. Where whole
        incidents are redrawn, so that two narratives of one incident do not count as independent, it is
        ${formatPercentInterval(detection.incident_interval)}.
      </p>
      ${beside(...(await drawn(true)))} ${await drawn(false)}
      ${detection.columns_left_out.length > 0 && html`<p>Not shown, because they have too many different values: ${detection.columns_left_out.join(', ')}.</p>`}`,
  };
}

async function groupBlock(name: string, groups: readonly Group[], { all }: DetectionReport): Promise<Html> {
  const plot = await intervalPlot(
    groups.map(({ value, detected }) => ({ name: value, ...detected })),
    { what: 'narratives detected', reference: all.ratio },
  );
  const numbers = table(
    `Detected by ${name}`,
    [
      { name },
      { name: 'Answers', isNumber: true },
      { name: 'Detected', isNumber: true },
      { name: 'Share', isNumber: true },
      { name: '95 % interval', isNumber: true },
    ],
    groups.map(({ value, detected }) => [
      value,
      formatCount(detected.whole),
      formatCount(detected.part),
      formatPercent(detected.ratio),
      formatPercentInterval(detected.interval),
    ]),
  );
  const drawn = figure(
    `By ${name}`,
    plot,
    'Points with 95 % intervals (Wilson); in brackets the answers; the dashed line is the share of all.',
  );
  return groups.length > SHORT ? beside(drawn, numbers) : html`<div>${drawn}${numbers}</div>`;
}
