/** What was run, and what did not go as planned. */
import type { ExperimentReport, ReportedEvent } from '../../metrics/experiment-report';
import { html, type Html } from '../html';
import { formatCount, formatDuration, formatTime, NOTHING } from '../number-format';
import { notice, type Section } from '../section';
import { factList, table } from '../table';

/** Model, prompt, data, dates and deviations. */
export function whatWasRun(report: ExperimentReport): Section {
  const { experiment: facts } = report;
  const otherNames = facts.reply_models.filter((name) => name !== facts.model);
  return {
    id: 'run',
    title: 'What was run',
    content: html`${factList([
        ['Model', facts.model],
        ['Model by the server’s replies', otherNames.length === 0 ? null : facts.reply_models.join(', ')],
        ['Provider', facts.provider],
        ['Temperature', facts.temperature],
        ['Longest reply', facts.max_tokens === null ? null : `${formatCount(facts.max_tokens)} tokens`],
        ['Seed', facts.seed],
        ['Prompt', facts.prompt_version],
        ['Prompt SHA-256', code(facts.prompt_sha256)],
        ['Data file', facts.data_file],
        ['Texts SHA-256', code(facts.texts_sha256)],
        ['Narratives in the file', facts.n_in_dataset === null ? null : formatCount(facts.n_in_dataset)],
        ['Limit', limit(facts.max_narratives, facts.n_in_dataset)],
        ['Same text as another', sameText(facts.n_twins)],
        ['Started', formatTime(facts.start_time)],
        ['Ended', facts.end_time === null ? 'not yet' : formatTime(facts.end_time)],
        ['Endpoint', facts.endpoints.join(', ')],
        ['Experiment', code(facts.experiment_id)],
        ['Replicate', facts.replicate === 1 ? null : facts.replicate],
        ['Author', facts.author],
        ['Program', `Longhaul ${facts.longhaul_version}`],
        ['Notes', facts.notes],
      ])}
      ${facts.n_other_prompts_of_version > 0 && notice(html`The name ${facts.prompt_version} stands for ${formatCount(facts.n_other_prompts_of_version + 1)} different prompts in this results file. Tell them apart by their SHA-256.`)}
      <h3>Deviations</h3>
      ${deviations(report)}`,
  };
}

function limit(most: number | null, nInDataset: number | null): string | null {
  if (most === null || (nInDataset !== null && most >= nInDataset)) return null;
  return `the first ${formatCount(most)}`;
}

function sameText(nTwins: number): string | null {
  return nTwins === 0
    ? null
    : `${formatCount(nTwins)} narratives; each text was asked once, they have its answer`;
}

function deviations({ deviations: events, n_deviations: nEvents }: ExperimentReport): Html {
  if (nEvents === 0) {
    return html`<p>
      None: the experiment ran to where it is without a pause, a changed endpoint or a second pass over
      errors.
    </p>`;
  }
  return html`${table(
    'What happened between start and end',
    [{ name: 'Time' }, { name: 'Event' }, { name: 'Detail' }, { name: 'Lasted', isNumber: true }],
    events.map((event) => [
      html`<span class="fixed">${formatTime(event.at)}</span>`,
      nameOf(event),
      event.detail,
      event.lasted_seconds !== null && formatDuration(event.lasted_seconds),
    ]),
  )}
  ${nEvents > events.length && html`<p>The first ${events.length} of ${nEvents}.</p>`}`;
}

function nameOf({ kind }: ReportedEvent): string {
  return kind.replaceAll('_', ' ');
}

function code(text: string): Html {
  return html`<code>${text === '' ? NOTHING : text}</code>`;
}
