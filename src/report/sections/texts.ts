/** What the narratives are like: placeholders, short texts, and how often each sort is detected. */
import type { PlaceholderKind } from '../../metrics/placeholder';
import type { ExperimentReport } from '../../metrics/experiment-report';
import type { TextReport } from '../../metrics/text-figures';
import { html, type Html } from '../html';
import {
  formatCount,
  formatDuration,
  formatLarge,
  formatPercent,
  formatPercentInterval,
} from '../number-format';
import { intervalPlot } from '../plots/interval-plot';
import { beside, figure, type Section } from '../section';
import { table } from '../table';

const QUALITIES = {
  placeholder: 'placeholder',
  brief: 'brief (under 100 characters)',
  standard: 'standard (100 to 499)',
  detailed: 'detailed (500 and more)',
} as const;

const KINDS: Readonly<Record<PlaceholderKind, string>> = {
  no_words: 'no words at all',
  blank_word: 'a word for nothing, such as “none”',
  no_report: '“no report”',
  unavailable: '“not available”',
  see_other: '“see the other narrative”',
  certificate_only: '“death certificate only”',
  report_wanted: '“report needed”',
};

/** Quality buckets and placeholders. */
export async function textSection({ texts, detection }: ExperimentReport): Promise<Section> {
  const placeholders = texts.by_quality.find(({ quality }) => quality === 'placeholder')!;
  return {
    id: 'texts',
    title: 'Placeholders and short texts',
    content: html`<p>
        ${formatCount(placeholders.n)} narratives (${formatPercent(placeholders.share.ratio)}) only say that
        there is none. ${placeholders.detected.part === 0 ? 'None' : formatCount(placeholders.detected.part)}
        of them ${placeholders.detected.part > 1 ? 'are' : 'is'} detected. Asking about them took
        ${formatDuration(texts.placeholder_seconds)} of calls and ${formatLarge(texts.placeholder_tokens)}
        tokens. A text is a placeholder only if each of its phrases is one from its first word to its last.
      </p>
      ${beside(
        figure(
          'Detected by length of the text',
          await intervalPlot(
            texts.by_quality
              .filter(({ n }) => n > 0)
              .map(({ quality, detected }) => ({ name: quality, ...detected })),
            { what: 'narratives detected', reference: detection.all.ratio },
          ),
          'Points with 95 % intervals (Wilson); in brackets the answers; the dashed line is the share of all.',
        ),
        html`<div>${placeholderTables(texts)}</div>`,
      )}
      ${table(
        'Narratives by quality',
        ['Quality', 'Narratives', 'Share', 'Detected', 'Of answers', '95 % interval'].map((name, index) => ({
          name,
          isNumber: index > 0,
        })),
        texts.by_quality.map(({ quality, n, share, detected }) => [
          QUALITIES[quality],
          formatCount(n),
          formatPercent(share.ratio),
          formatCount(detected.part),
          formatPercent(detected.ratio),
          formatPercentInterval(detected.interval),
        ]),
      )}`,
  };
}

function placeholderTables(texts: TextReport): Html[] {
  const byKind = table(
    'Placeholders by what they say',
    [{ name: 'They say' }, { name: 'Narratives', isNumber: true }],
    texts.placeholders_by_kind.map(({ kind, n }) => [KINDS[kind], formatCount(n)]),
  );
  const byType = table(
    'Placeholders by kind of narrative',
    [{ name: 'Kind' }, { name: 'Placeholders', isNumber: true }, { name: 'Share', isNumber: true }],
    texts.placeholders_by_type.map(({ narrative_type: type, placeholders }) => [
      type,
      formatCount(placeholders.part),
      formatPercent(placeholders.ratio),
    ]),
  );
  return texts.placeholders_by_kind.length === 0 ? [byType] : [byType, byKind];
}
