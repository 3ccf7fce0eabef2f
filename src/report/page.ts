/** A page that is one file: its style and plots within, nothing fetched, nothing run. */
import { html, Html, type HtmlValue } from './html';
import { renderSection, type Section } from './section';
import { STYLE } from './style';

/** What a page is made of. */
export interface Page {
  title: string;
  /** What stands above the list of sections. */
  top: Html;
  sections: readonly Section[];
  footer: HtmlValue;
}

/** The whole file. The policy forbids the browser every request and every script. */
export function renderPage({ title, top, sections, footer }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          ${top}
          <nav aria-label="Contents">
            <ul>
              ${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
          ${sections.map(renderSection)}
          <footer>${footer}</footer>
        </main>
      </body>
    </html> `.text;
}
