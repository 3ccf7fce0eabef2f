/** The parts of a page that repeat: sections, figures, notes. */
import { html, type Html, type HtmlValue } from './html';

/** A section of the page. */
export interface Section {
  id: string;
  title: string;
  content: HtmlValue;
}

/** A section with its heading. */
export function renderSection({ id, title, content }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
}

/** A plot with its title above and its explanation below. */
export function figure(title: string, plot: Html, explanation?: HtmlValue): Html {
  return html`<figure>
    <div class="figure-title">${title}</div>
    ${plot} ${explanation === undefined ? null : html`<figcaption>${explanation}</figcaption>`}
  </figure>`;
}

/** Something that the reader must not miss. */
export function notice(content: HtmlValue): Html {
  return html`<p class="notice">${content}</p>`;
}

/** Blocks beside one another where there is room. */
export function beside(...blocks: readonly HtmlValue[]): Html {
  return html`<div class="beside">${blocks}</div>`;
}

/** The same, the second with more room than the first. */
export function unevenly(first: HtmlValue, second: HtmlValue): Html {
  return html`<div class="beside uneven">${first}${second}</div>`;
}
