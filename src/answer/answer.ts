/** What the parser saw on the way to a valid answer; `repaired` stands for repairs outside the confidence. */
export const ANSWER_NOTES = [
  'repaired',
  'confidence_repaired',
  'confidence_percent',
  'confidence_out_of_range',
  'confidence_word',
  'indicators_split',
  'indicators_cut',
  'duplicate_key',
  'ambiguous',
  'from_reasoning',
  'fields_cut',
  'partial',
] as const;
export type AnswerNote = (typeof ANSWER_NOTES)[number];

/** What a model said about one text. */
export interface Answer {
  detected: boolean;
  /** 0 to 1; null = not given, or not to be read as such a number. */
  confidence: number | null;
  /** The model's words where it gave words for a number ("high"); else null. */
  confidenceText: string | null;
  /** At most 200. */
  indicators: string[];
  /** At most 64 KiB in UTF-8; null = not given. */
  rationale: string | null;
  /** The model's thinking; null = none was seen. */
  reasoning: string | null;
  /** All fields that the model wrote, as the JSON text of an object; at most 64 KiB. */
  fields: string;
  notes: AnswerNote[];
}

/** Why a reply is no answer. */
export type AnswerErrorCode =
  | 'truncated'
  | 'content_filter'
  | 'empty'
  | 'refusal'
  | 'no_final'
  | 'no_answer'
  | 'no_json'
  | 'unparsable'
  | 'too_large'
  | 'no_decision'
  | 'template_echo'
  | 'ambiguous';
