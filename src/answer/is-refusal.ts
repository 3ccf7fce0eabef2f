/** A refusal says so at once; further down the same words may be about the case. */
const LOOKED_AT_CHARACTERS = 600;
const DEED =
  '(?:help|assist|comply|fulfil|provide|answer|discuss|continue|process|analy[sz]e|engage|support|complete|respond|classify|take part|participate|do (?:this|that|so))';
const DECLINING = [
  `\\b(?:can ?not|can't|could not|couldn't|won't|will not|unable to|not able to)(?: \\w+)? ${DEED}`,
  '\\b(?:i|we)(?: must| have to| need to| will)?(?: \\w+ly)? decline\\b',
  '\\bnot (?:comfortable|willing|permitted|allowed)\\b',
  '\\bagainst (?:my|our|the) (?:\\w+ )?(?:guideline|polic)',
].map((pattern) => new RegExp(pattern, 'i'));

/** Whether prose declines the request, rather than, say, asking for the text or answering in words. */
export function isRefusal(text: string): boolean {
  const beginning = text.slice(0, LOOKED_AT_CHARACTERS).replaceAll('’', "'").replace(/\s+/g, ' ');
  return DECLINING.some((pattern) => pattern.test(beginning));
}
