/** Tables that scroll by themselves where the page is narrow. */
import { html, type Html, type HtmlValue } from './html';

/** A column: its heading, empty above the headings of the rows, and whether it holds numbers, which stand right. */
export interface Column {
  name: string;
  isNumber?: boolean;
}

/** A table with a caption; the first cell of each row is its heading. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly HtmlValue[])[],
): Html {
  const alignment = (index: number): Html | null =>
    columns[index]?.isNumber === true ? html` class="number"` : null;
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          ${columns.map(({ name }, index) => (name === '' ? html`<td></td>` : html`<th scope="col" ${alignment(index)}>${name}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) =>
                index === 0
                  ? html`<th scope="row" ${alignment(index)}>${cell}</th>`
                  : html`<td${alignment(index)}>${cell}</td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Pairs of a name and what there is to say; pairs without a value are left out. */
export function factList(facts: readonly (readonly [name: string, value: HtmlValue])[]): Html {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return html`<dl class="facts">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div> `,
    )}
  </dl>`;
}

/** What is long and rarely read: closed on the screen, open on paper. */
export function folded(summary: string, content: HtmlValue): Html {
  return html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;
}
