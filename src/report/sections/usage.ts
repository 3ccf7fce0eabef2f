/** Time and tokens. */
import type { ExperimentReport } from '../../metrics/experiment-report';
import type { Distribution } from '../../metrics/value-distribution';
import { html, type HtmlValue } from '../html';
import { formatCount, formatDuration, formatLarge, formatMeasure, formatTime } from '../number-format';
import { activityPlot } from '../plots/activity-plot';
import { COLOURS } from '../plots/draw-plot';
import { histogramPlot } from '../plots/histogram-plot';
import { beside, figure, type Section } from '../section';
import { table } from '../table';

const COLUMNS = ['', 'Results', 'Mean', 'SD', 'Least', 'Quartile 1', 'Median', 'Quartile 3', 'Most'];

/** When results came, how long calls took, how many tokens they had. */
export async function usageSection({ usage, experiment }: ExperimentReport): Promise<Section> {
  const plots = [
    usage.activity.length > 1 &&
      figure(
        'When the results came',
        await activityPlot(usage.activity),
        `Results in each ${stepOf(usage.activity[0]!.minutes)}, by the clock in UTC.`,
      ),
    await histogram('Time of a call', usage.seconds, 'seconds'),
    await histogram('Tokens of a prompt', usage.prompt_tokens, 'prompt tokens'),
    await histogram('Tokens of a reply', usage.completion_tokens, 'completion tokens'),
  ].filter((plot) => plot !== null && plot !== false);
  return {
    id: 'usage',
    title: 'Tokens and time',
    content: html`<p>
        ${formatDuration(experiment.active_seconds)} of work from ${formatTime(usage.first_result_at)} to
        ${formatTime(usage.last_result_at)}; a call took ${formatMeasure(usage.seconds.mean)} s on average.
        ${usage.prompt_tokens.n > 0 && html`${formatLarge(usage.prompt_tokens.sum)} tokens went in and ${formatLarge(usage.completion_tokens.sum)} came out.`}
      </p>
      ${beside(...plots)}
      ${table(
        'Seconds and tokens of a result',
        COLUMNS.map((name, index) => ({ name, isNumber: index > 0 })),
        [
          row('Seconds of a call', usage.seconds),
          ...usage.seconds_by_type.map(({ narrative_type: type, seconds }) =>
            row(`Seconds of a call, ${type}`, seconds),
          ),
          row('Prompt tokens', usage.prompt_tokens),
          row('Completion tokens', usage.completion_tokens),
          row('Completion tokens, detected', usage.completion_tokens_detected),
          row('Completion tokens, not detected', usage.completion_tokens_not_detected),
        ],
      )}`,
  };
}

async function histogram(
  title: string,
  distribution: ExperimentReport['usage']['seconds'],
  unit: string,
): Promise<HtmlValue> {
  if (distribution.n === 0) return null;
  const plot = await histogramPlot(distribution.histogram, {
    of: 'results',
    unit,
    colour: COLOURS.neutral,
    median: distribution.median,
  });
  return figure(
    title,
    plot,
    `Median ${formatMeasure(distribution.median)} ${unit} (dashed); the longest 0.5 % are in the last bar.`,
  );
}

function row(name: string, of: Distribution): HtmlValue[] {
  const values = [of.mean, of.standard_deviation, of.min, of.quartile_1, of.median, of.quartile_3, of.max];
  return [name, formatCount(of.n), ...values.map(formatMeasure)];
}

function stepOf(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
