const SEPARATOR = /^\s*(?:\/|\||or\b)\s*/i;
const CHOICE = /^["'<]?(?:true|false|yes|no)\b["']?/i;

/** Whether an object offers the decision as a choice (`"detected": true/false`), as the template of a prompt does. */
export function isTemplate(text: string, decisionKeys: readonly string[]): boolean {
  return valueTexts(text, decisionKeys).some((value) => {
    const first = CHOICE.exec(value);
    if (first === null) return false;
    const rest = value.slice(first[0].length);
    const separator = SEPARATOR.exec(rest);
    return separator !== null && CHOICE.test(rest.slice(separator[0].length));
  });
}

/** The text after each decision key and its colon; enough of it for two choices. */
function valueTexts(text: string, decisionKeys: readonly string[]): string[] {
  const longestChoice = 60;
  return [...text.matchAll(/(?<![\p{L}\p{N}_-])([\p{L}\p{N}_-]+)["'”]?\s{0,9}:\s{0,9}/giu)]
    .filter(([, key]) => decisionKeys.includes((key ?? '').toLowerCase()))
    .map((match) => text.slice(match.index + match[0].length).slice(0, longestChoice));
}
