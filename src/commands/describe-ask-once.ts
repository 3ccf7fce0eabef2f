/** What `run.ask_once` saves, or would save. */
import { DigestTable } from '../dataset/digest-table';
import type { SourceNarrative } from '../dataset/read-dataset';

/** One line: how many texts are asked, and how many narratives take their answer from one of them. */
export function describeAskOnce(nNarratives: number, nTwins: number): string {
  if (nTwins === 0) return 'no two narratives have the same text';
  return `${nNarratives - nTwins} texts are asked; ${nTwins} narratives take the answer of another with the same text`;
}

/** How many narratives have the text of an earlier one. */
export function countTwins(narratives: Iterable<Pick<SourceNarrative, 'text'>>): number {
  const texts = new DigestTable();
  let nTwins = 0;
  for (const { text } of narratives) if (texts.add(text) >= 0) nTwins += 1;
  return nTwins;
}
