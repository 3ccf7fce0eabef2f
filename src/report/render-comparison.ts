/** The comparison of two experiments as a page. Every number of it stands in the document. */
import type { ComparedExperiment, ComparisonReport } from '../metrics/comparison-report';
import { html, type Html, type HtmlValue } from './html';
import {
  formatCount,
  formatPercent,
  formatPercentInterval,
  formatProbability,
  formatRatio,
  formatTime,
} from './number-format';
import { renderPage } from './page';
import type { Section } from './section';
import { answersSection } from './sections/compared-answers';
import { labelledSection } from './sections/compared-labels';
import { flipsSection } from './sections/flips';
import { methodsSection } from './sections/methods';
import { table } from './table';

/** HTML of a comparison. A is the first experiment, B the second. */
export async function renderComparison(report: ComparisonReport): Promise<string> {
  const { first, second } = report;
  return renderPage({
    title: `${first.experiment_name} and ${second.experiment_name}: comparison`,
    top: renderTop(report),
    sections: [
      settingsSection(report),
      answersSection(report),
      await labelledSection(report),
      flipsSection(report),
      methodsSection(),
    ],
    footer: html`Made ${formatTime(report.made_at)} by ${report.made_by}. The same numbers, unrounded:
      <code>client compare ${first.experiment_id} ${second.experiment_id} --json</code>.`,
  });
}

function renderTop({ first, second, statistics }: ComparisonReport): Html {
  const { answers, detected, labels } = statistics;
  const cards: (readonly [string, HtmlValue, HtmlValue] | null)[] = [
    ['Common narratives', formatCount(answers.n), 'answered in both; all numbers here are about these'],
    [
      'Detected, B less A',
      signed(formatPercent(detected.difference.difference)),
      html`${formatPercent(detected.first.ratio)} in A, ${formatPercent(detected.second.ratio)} in B; 95 %
      interval ${formatPercentInterval(detected.difference.incident_interval)}`,
    ],
    [
      'Same answer',
      formatPercent(answers.agreement.ratio),
      html`κ ${formatRatio(answers.kappa)}; ${formatCount(statistics.n_flips)} narratives flip`,
    ],
    labels.n === 0
      ? null
      : [
          'F1, B less A',
          signed(formatRatio(labels.differences.f1.difference)),
          html`${formatRatio(labels.first.f1.ratio)} in A, ${formatRatio(labels.second.f1.ratio)} in B;
          McNemar ${formatProbability(labels.mcnemar_p)}`,
        ],
  ];
  return html`<header>
    <p class="eyebrow">Comparison of two experiments</p>
    <h1>${first.experiment_name} and ${second.experiment_name}</h1>
    <p class="lead">A: <code>${first.experiment_id}</code><br />B: <code>${second.experiment_id}</code></p>
    <div class="cards">
      ${cards
        .filter((card) => card !== null)
        .map(
          ([name, value, detail]) =>
            html`<div class="card">
              <div class="card-name">${name}</div>
              <div class="card-value">${value}</div>
              <div class="card-detail">${detail}</div>
            </div>`,
        )}
    </div>
  </header>`;
}

function settingsSection({ first, second, differences, notice }: ComparisonReport): Section {
  const line = (name: string, of: (experiment: ComparedExperiment) => HtmlValue): HtmlValue[] => [
    name,
    of(first),
    of(second),
  ];
  return {
    id: 'settings',
    title: 'What was compared',
    content: html`${table(
        'The two experiments',
        [{ name: '' }, { name: 'A' }, { name: 'B' }],
        [
          line('Experiment', (of) => html`<code>${of.experiment_id}</code>`),
          line('Status', (of) => of.status.replaceAll('_', ' ')),
          line('Model', (of) => of.model),
          line('Temperature', (of) => of.temperature),
          line('Prompt', (of) => of.prompt_version),
          line('Prompt SHA-256', (of) => html`<code>${of.prompt_sha256.slice(0, 16)}…</code>`),
          line('Started', (of) => formatTime(of.start_time)),
          line('Ended', (of) => formatTime(of.end_time)),
          line('Answers', (of) => formatCount(of.n_answered)),
          line('Errors', (of) => formatCount(of.n_errors)),
        ],
      )}
      <h3>What differs in their settings</h3>
      ${
        differences.length === 0
          ? html`<p>Nothing: B repeats A.</p>`
          : html`<ul>
              ${differences.map((difference) => html`<li class="difference">${difference}</li>`)}
            </ul>`
      }
      ${notice !== null && html`<p class="notice">${notice}</p>`}`,
  };
}

function signed(text: string): string {
  return /[1-9]/.test(text) && !text.startsWith('−') ? `+${text}` : text;
}
