/** Where models put their answer besides alone in the content. What stands around it may hold the opposite decision. */
export const WRAPPED_ANSWERS: readonly { name: string; wrap: (answer: string) => string }[] = [
  { name: 'fence', wrap: (answer) => `\`\`\`json\n${answer}\n\`\`\`` },
  { name: 'prose', wrap: (answer) => `Here is my assessment:\n\n${answer}\n\nI hope this helps.` },
  {
    name: 'harmony',
    wrap: (answer) =>
      `<|channel|>analysis<|message|>At first sight ${opposite(answer)} would fit.<|end|>` +
      `<|start|>assistant<|channel|>final<|constrain|>json<|message|>${answer}<|return|>`,
  },
  {
    name: 'stripped-harmony',
    wrap: (answer) => `analysisAt first sight ${opposite(answer)} would fit.assistantfinal${answer}`,
  },
  {
    name: 'think',
    wrap: (answer) => `<think>\nAt first sight ${opposite(answer)} would fit.\n</think>\n\n${answer}`,
  },
];

function opposite(answer: string): string {
  const { detected } = JSON.parse(answer) as { detected: boolean };
  return JSON.stringify({ detected: !detected, confidence: 0.5 });
}
