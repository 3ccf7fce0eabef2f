/** Text as HTML: whatever is put into a template is escaped, unless it is HTML already. */

/** HTML that may be put into a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

/** What a template takes: null, undefined and false are nothing. */
export type HtmlValue = Html | string | number | null | undefined | false | readonly HtmlValue[];

/** A template whose values are escaped. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.map((part, index) => (index === 0 ? '' : toText(values[index - 1])) + part).join(''));
}

function toText(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(toText).join('');
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe in elements and in quoted attributes; control characters and those that turn text round become `?`. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/(?![\n\t])[\p{Control}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '?')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
