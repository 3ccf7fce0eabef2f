/** The model servers and the last answers of an experiment as tables. Pure. */
import type { LastResult } from '../../store/recent-work';
import { cell, fit, span, type Line, type Tone } from './span';
import type { WatchedEndpoint, WatchedExperiment } from './watched-experiment';

const HEALTH: Readonly<Record<NonNullable<WatchedEndpoint['health']>, readonly [string, Tone]>> = {
  open: ['open', 'good'],
  closed: ['closed', 'bad'],
  left_out: ['left out', 'warning'],
};

/** A heading and a line a model server, in at most `height` lines. */
export function endpointLines({ endpoints }: WatchedExperiment, width: number, height: number): Line[] {
  const nameWidth = Math.min(
    Math.max(20, ...endpoints.map(({ endpoint }) => endpoint.length)),
    Math.max(20, Math.floor(width / 2)),
  );
  const nShown = endpoints.length <= height - 1 ? endpoints.length : Math.max(0, height - 2);
  const more = endpoints.length - nShown;
  const heading = `${cell('MODEL SERVER', nameWidth)}  ${cell('GATE', 8)}  CALLS IN FLIGHT`;
  return [
    [{ text: heading, tone: 'faint' }],
    ...endpoints.slice(0, nShown).map((endpoint) => endpointLine(endpoint, nameWidth)),
    ...(more > 0 ? [[{ text: `and ${more} more`, tone: 'faint' } as const]] : []),
  ];
}

function endpointLine(endpoint: WatchedEndpoint, nameWidth: number): Line {
  const { concurrency, inFlight, health, reason } = endpoint;
  const [word, tone] = health === null ? ['-', 'faint' as const] : HEALTH[health];
  const allowed =
    concurrency === null ? '' : inFlight === null ? `up to ${concurrency}` : ` of ${concurrency}`;
  return [
    { text: `${cell(endpoint.endpoint, nameWidth)}  ` },
    { text: cell(word, 8), tone },
    { text: `  ${inFlight ?? ''}${allowed}` },
    ...(reason === null ? [] : [{ text: '  ' }, span(reason, tone)]),
  ];
}

/** A heading and the newest answers, in at most `height` lines. */
export function answerLines({ lastResults }: WatchedExperiment, width: number, height: number): Line[] {
  const heading = `${cell('LAST ANSWERS', 16)}  ${cell('INCIDENT', 16)}  ${cell('TYPE', 6)}  LABEL`;
  return [
    [{ text: heading, tone: 'faint' }],
    ...(lastResults.length === 0 ? [[{ text: 'none yet', tone: 'faint' } as const]] : []),
    ...lastResults.slice(0, height - 1).map((result) => answerLine(result, width)),
  ];
}

function answerLine(result: LastResult, width: number): Line {
  const time = result.processed_at?.slice(11, 19) ?? '';
  const seconds = result.response_sec === null ? '' : `${result.response_sec.toFixed(1)} s`;
  const who = `${cell(time, 8)}  ${cell(seconds, 6, 'right')}  ${cell(result.incident_id, 16)}  ${cell(result.narrative_type, 6)}  `;
  const line: Line = [{ text: who }, ...labelOf(result)];
  return result.text === null ? line : fit([...line, { text: '  ' }, span(result.text, 'faint')], width);
}

function labelOf({ detected, confidence, error_category: category }: LastResult): Line {
  if (detected === null) return [span(`error: ${category ?? 'no category'}`, 'warning')];
  const word = detected === 1 ? 'detected' : 'not detected';
  const sure = confidence === null ? '' : confidence.toFixed(2);
  return [
    { text: cell(word, 12), ...(detected === 1 ? { tone: 'strong' as const } : {}) },
    { text: `  ${sure}`.trimEnd() },
  ];
}
