/** A captured terminal as a page: its text in the colours that it was shown in. */

const STYLES: Readonly<Record<string, string>> = {
  '1': 'font-weight:700',
  '2': 'opacity:.6',
  '31': 'color:#f28b82',
  '32': 'color:#81c995',
  '33': 'color:#fdd663',
};

/** `lines` with escape sequences of colours, as `tmux capture-pane -e` gives them. */
export function terminalPage(lines: readonly string[]): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; background: #202124; color: #e8eaed; display: inline-block }
    pre { margin: 16px; font: 14px/1.25 "DejaVu Sans Mono", monospace }
  </style><pre>${toHtml(lines.join('\n'))}</pre>`;
}

function toHtml(text: string): string {
  const active = new Set<string>();
  return text
    .split(/(\u001b\[[\d;]*m)/)
    .map((part) => {
      const codes = /^\u001b\[([\d;]*)m$/.exec(part)?.[1];
      if (codes === undefined) return styled(part, active);
      for (const code of codes.split(';')) apply(code, active);
      return '';
    })
    .join('');
}

function apply(code: string, active: Set<string>): void {
  if (code === '' || code === '0') active.clear();
  else if (code === '39') for (const colour of ['31', '32', '33']) active.delete(colour);
  else active.add(code);
}

function styled(text: string, active: ReadonlySet<string>): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const style = [...active].map((code) => STYLES[code] ?? '').join(';');
  return style === '' ? safe : `<span style="${style}">${safe}</span>`;
}
