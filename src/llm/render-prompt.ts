/** What one call says: the system prompt as written and the user's template with the text in its places. */
export interface RenderedPrompt {
  /** Empty = no system message. */
  system: string;
  user: string;
}

const PLACEHOLDER = '<<TEXT>>';

/**
 * Splits the template once at every `<<TEXT>>` and gives the function that puts a text there. A text is never read as
 * a pattern or a template, whatever it holds.
 */
export function createPromptRenderer(prompt: {
  systemPrompt: string;
  userTemplate: string;
}): (text: string) => RenderedPrompt {
  const parts = prompt.userTemplate.split(PLACEHOLDER);
  return (text) => ({ system: prompt.systemPrompt, user: parts.join(text) });
}
