/** How many tokens a call will use, learned from the replies of an experiment. Pure. */

/** Of English in common tokenizers; what a prompt takes before a reply has shown it. */
const CHARS_PER_TOKEN = 4;
/** What a reply takes before one has come: an answer of a few sentences. */
const FIRST_COMPLETION_TOKENS = 300;
/** How fast the longest reply is forgotten, by reply. */
const FORGETTING = 0.05;
const LEARNING = 0.1;

export class TokenEstimate {
  private tokensPerChar = 1 / CHARS_PER_TOKEN;
  private completionTokens: number;

  /** `maxTokens` = the longest reply that is allowed. */
  constructor(private readonly maxTokens: number) {
    this.completionTokens = Math.min(maxTokens, FIRST_COMPLETION_TOKENS);
  }

  /** Tokens of a call with a prompt of so many characters: rather too many than too few. */
  of(promptChars: number): number {
    return Math.ceil(promptChars * this.tokensPerChar + this.completionTokens);
  }

  /** Learns from a reply; nulls = the server does not say. */
  learn(promptChars: number, promptTokens: number | null, completionTokens: number | null): void {
    if (promptTokens !== null && promptTokens > 0 && promptChars > 0)
      this.tokensPerChar += (promptTokens / promptChars - this.tokensPerChar) * LEARNING;
    if (completionTokens === null) return;
    const forgotten = this.completionTokens + (completionTokens - this.completionTokens) * FORGETTING;
    this.completionTokens = Math.min(this.maxTokens, Math.max(completionTokens, forgotten));
  }
}
