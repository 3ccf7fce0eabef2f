/** The look of a page: light and dark by the reader's system, white on paper. Text and marks keep a contrast of 4.5 and 3. */

const LIGHT = `
--paper: #ffffff; --raised: #f5f7fa; --ink: #17202b; --muted: #52606f; --line: #d8dee6;
--accent: #1d5fa8; --neutral: #75828f; --good: #0b7a5c; --bad: #bb3f14; --good-soft: #e3f3ed; --bad-soft: #fbe9e2; --note: #fff5d9;`;

const DARK = `
--paper: #12171d; --raised: #1b222b; --ink: #e8edf2; --muted: #a6b2bf; --line: #323d49;
--accent: #74b0f0; --neutral: #8b98a6; --good: #4cc39b; --bad: #f08b62; --good-soft: #16332a; --bad-soft: #3c2319; --note: #3a3116;`;

/** Goes into the page's head. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.15; margin: 0 0 .4rem; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 0 0 .75rem; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p { margin: 0 0 1rem; max-width: 44rem; }
a { color: var(--accent); }
code { font: .86em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
small { color: var(--muted); }
section { margin-top: 2.75rem; padding-top: 1.75rem; border-top: 1px solid var(--line); }
.eyebrow { color: var(--muted); font-size: .82rem; letter-spacing: .06em; text-transform: uppercase; margin: 0 0 .35rem; }
.lead { color: var(--muted); max-width: none; }
.status { display: inline-block; margin-left: .35rem; padding: .05rem .6rem; border: 1px solid var(--line); border-radius: 1rem;
  background: var(--raised); color: var(--ink); font-size: .85rem; white-space: nowrap; }
.notice { background: var(--note); padding: .75rem 1rem; border-radius: .5rem; max-width: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.card { background: var(--raised); border-radius: .65rem; padding: .9rem 1rem; }
.card-name { color: var(--muted); font-size: .85rem; }
.card-value { font-size: 1.75rem; font-weight: 650; letter-spacing: -.02em; line-height: 1.25; font-variant-numeric: tabular-nums; }
.card-detail { color: var(--muted); font-size: .85rem; line-height: 1.4; }
nav { margin-top: 1.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: 0; padding: 0; font-size: .92rem; }
nav a { display: inline-block; padding: .2rem 0; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1.25rem 2.5rem; align-items: start; margin-bottom: 1rem; }
.beside > * { min-width: 0; }
@media (min-width: 52rem) { .cards:has(> :nth-child(4):last-child) { grid-template-columns: repeat(4, 1fr); }
  .beside.uneven { grid-template-columns: minmax(0, 10fr) minmax(0, 13fr); } }
figure { margin: 0 0 1rem; min-width: 0; }
.figure-title { font-weight: 600; font-size: .95rem; margin-bottom: .35rem; }
figcaption { color: var(--muted); font-size: .82rem; line-height: 1.4; max-width: 30rem; }
svg.plot { display: block; width: 100%; max-width: 30rem; height: auto; font-family: inherit; }
.scroll { overflow-x: auto; margin: 0 0 1.25rem; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; min-width: 100%; }
caption { text-align: left; font-weight: 600; font-size: .95rem; padding-bottom: .35rem; }
caption span { display: block; max-width: calc(100vw - 2rem); }
th, td { padding: .38rem .8rem .38rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-weight: 500; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 400; }
.number { text-align: right; }
.number, .fixed { white-space: nowrap; }
.confusion { min-width: 0; }
.confusion td { padding: .7rem .9rem; min-width: 7.5rem; border: 3px solid var(--paper); border-radius: .6rem; }
.confusion thead td { min-width: 0; padding: 0; }
.confusion th { border: 0; }
.confusion thead th { padding-left: .9rem; }
.confusion tbody th { white-space: nowrap; }
.confusion tbody th { vertical-align: middle; }
.confusion b { display: block; font-size: 1.3rem; font-weight: 650; line-height: 1.2; }
.confusion td span { font-size: .82rem; white-space: nowrap; }
.confusion .right { background: var(--good-soft); }
.confusion .wrong { background: var(--bad-soft); }
.facts, .methods { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: .1rem 2.5rem; margin: 0 0 1rem; font-size: .92rem; }
.facts > div { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; padding: .3rem 0; border-bottom: 1px solid var(--line); }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
.methods { gap: .9rem 2.5rem; }
.methods dt { color: var(--ink); font-weight: 600; }
.methods dd { color: var(--muted); white-space: normal; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; color: var(--accent); padding: .3rem 0; }
.quoted { max-height: 12rem; min-width: 18rem; max-width: 34rem; overflow-y: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .86rem; }
li.difference { white-space: pre-line; overflow-wrap: anywhere; }
footer { margin-top: 3rem; color: var(--muted); font-size: .82rem; }
@media (max-width: 40rem) {
  main { padding: 1.25rem 1rem 3rem; }
  .cards { grid-template-columns: 1fr 1fr; gap: .5rem; }
  .card { padding: .7rem .75rem; }
  .card-value { font-size: 1.4rem; }
  .facts > div { grid-template-columns: 7.5rem 1fr; }
  .confusion td { min-width: 6rem; padding: .55rem .65rem; }
  table { font-size: .84rem; }
  th, td { padding-right: .55rem; }
}
@media print {
  :root { color-scheme: light; ${LIGHT} }
  @page { margin: 16mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav, summary { display: none; }
  section { margin-top: 1.25rem; padding-top: 1rem; }
  h2, h3, caption, .figure-title { break-after: avoid; }
  figure, .card, .scroll, tr, .facts > div { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .card, .confusion td { print-color-adjust: exact; -webkit-print-color-adjust: exact; border: 1px solid var(--line); }
  .confusion thead td { border: 0; }
  .scroll, .quoted { overflow: visible; max-height: none; }
  svg.plot { max-width: 12cm; }
}
`;
