/** Thirty ways in which models and servers wrap an answer; none of them changes what it says. */

const EXAMPLE = '{"detected": false, "confidence": 0.5}';
const ANALYSIS = `<|channel|>analysis<|message|>Perhaps ${EXAMPLE}.<|end|><|start|>assistant`;

export const WRAPPERS: readonly (readonly [name: string, wrap: (json: string) => string])[] = [
  ['nothing', (json) => json],
  ['a byte order mark and blanks', (json) => `\uFEFF \n${json}\n\n`],
  ['a json fence', (json) => `\`\`\`json\n${json}\n\`\`\``],
  ['a fence without a language', (json) => `\`\`\`\n${json}\n\`\`\``],
  ['a fence that is never closed', (json) => `\`\`\`json\n${json}`],
  ['a fence in prose', (json) => `Here it is:\r\n\`\`\`JSON\r\n${json}\r\n\`\`\`\r\nLet me know {smile}.`],
  ['a fence of four backticks', (json) => `\`\`\`\`json\n${json}\n\`\`\`\``],
  ['an indented fence', (json) => `1. The answer:\n   \`\`\`json\n   ${json}\n   \`\`\``],
  ['a fence on one line', (json) => `\`\`\`json ${json} \`\`\``],
  ['two fences', (json) => `\`\`\`\nnothing to see\n\`\`\`\n\`\`\`json\n${json}\n\`\`\``],
  ['prose before', (json) => `My assessment of "the text" isn't hard:\n\n${json}`],
  ['prose on the same line', (json) => `Answer: ${json}`],
  ['prose after', (json) => `${json}\nNote: this is {only} based on the text.`],
  ['prose before and after', (json) => `So (as asked):\n${json}\nThat is all; nothing was left out.`],
  ['Markdown', (json) => `## Result\n\n**JSON**\n\n${json}\n\n---`],
  ['inline code', (json) => `The answer is \`${json}\`.`],
  ['a harmony final channel', (json) => `<|channel|>final<|constrain|>json<|message|>${json}<|return|>`],
  ['harmony analysis and final', (json) => `${ANALYSIS}<|channel|>final<|message|>${json}`],
  [
    'a harmony final with blanks',
    (json) => `${ANALYSIS}<|channel|>final <|constrain|>JSON<|message|>${json}<|end|>`,
  ],
  ['stripped harmony markers', (json) => `analysisWe need to decide. ${EXAMPLE}assistantfinal${json}`],
  ['a think block', (json) => `<think>It could be ${EXAMPLE}</think>\n${json}`],
  ['an empty think block', (json) => `<think>\n\n</think>\n\n${json}`],
  ['a think block without its opener', (json) => `It could be ${EXAMPLE} </think>${json}`],
  ['a think block and a fence', (json) => `<think>Hm.</think>\n\n\`\`\`json\n${json}\n\`\`\``],
  [
    'a thinking block in a final channel',
    (json) => `<|channel|>final<|message|><thinking>Hm.</thinking>${json}`,
  ],
  ['an envelope', (json) => `{"Result": ${json}}`],
  ['a list of one', (json) => `[${json}]`],
  ['a list of one in prose', (json) => `The list is [ ${json} ].`],
  ['a JSON string', (json) => JSON.stringify(json)],
  ['a JSON string in a fence', (json) => `\`\`\`\n${JSON.stringify(json)}\n\`\`\``],
];
