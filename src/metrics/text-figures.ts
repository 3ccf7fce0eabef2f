/** What the narratives are like, and how often each sort is detected. Pure. */
import { placeholderKind, type PlaceholderKind } from './placeholder';
import type { ReportRow } from './report-row';
import { share, type Share } from './share';
import { TEXT_QUALITIES, textQuality, type TextQuality } from './text-quality';

/** Narratives of one quality; `detected` is over those with an answer. */
export interface QualityGroup {
  quality: TextQuality;
  n: number;
  share: Share;
  detected: Share;
}

/** Over narratives with a result, errors included. */
export interface TextReport {
  by_quality: QualityGroup[];
  placeholders_by_kind: { kind: PlaceholderKind; n: number }[];
  placeholders_by_type: { narrative_type: string; placeholders: Share }[];
  /** Seconds of calls and tokens that went into placeholders. */
  placeholder_seconds: number;
  placeholder_tokens: number;
}

interface Counts {
  n: number;
  nAnswered: number;
  nDetected: number;
}

export class TextFigures {
  private readonly qualities = new Map<TextQuality, Counts>(
    TEXT_QUALITIES.map((quality) => [quality, { n: 0, nAnswered: 0, nDetected: 0 }]),
  );
  private readonly kinds = new Map<PlaceholderKind, number>();
  private readonly types = new Map<string, { n: number; nPlaceholders: number }>();
  private seconds = 0;
  private tokens = 0;

  /** A result; its text may be cut after TEXT_NEEDED code units. */
  add(row: ReportRow): void {
    if (row.text === null) return;
    const quality = textQuality(row.text);
    const counts = this.qualities.get(quality)!;
    counts.n += 1;
    if (row.detected !== null) counts.nAnswered += 1;
    if (row.detected === 1) counts.nDetected += 1;
    const type = this.types.get(row.narrative_type) ?? { n: 0, nPlaceholders: 0 };
    this.types.set(row.narrative_type, type);
    type.n += 1;
    if (quality !== 'placeholder') return;
    type.nPlaceholders += 1;
    this.seconds += row.response_sec ?? 0;
    this.tokens += (row.prompt_tokens ?? 0) + (row.completion_tokens ?? 0);
    const kind = placeholderKind(row.text)!;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
  }

  summarize(): TextReport {
    const total = [...this.qualities.values()].reduce((sum, { n }) => sum + n, 0);
    return {
      by_quality: [...this.qualities].map(([quality, { n, nAnswered, nDetected }]) => ({
        quality,
        n,
        share: share(n, total),
        detected: share(nDetected, nAnswered),
      })),
      placeholders_by_kind: [...this.kinds].map(([kind, n]) => ({ kind, n })).sort((a, b) => b.n - a.n),
      placeholders_by_type: [...this.types]
        .sort(([a], [b]) => a.localeCompare(b, 'en'))
        .map(([type, { n, nPlaceholders }]) => ({
          narrative_type: type,
          placeholders: share(nPlaceholders, n),
        })),
      placeholder_seconds: this.seconds,
      placeholder_tokens: this.tokens,
    };
  }
}
