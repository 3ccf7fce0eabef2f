/** A bar of `width` columns, filled by a share from 0 to 1 in eighths of a column. Pure. */
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Full only when the share is 1. */
export function bar(share: number, width: number): { filled: string; empty: string } {
  const eighths = Math.floor(Math.min(1, Math.max(0, share)) * width * 8);
  const whole = Math.floor(eighths / 8);
  const part = PARTS[eighths % 8]!;
  const filled = '█'.repeat(whole) + part;
  return { filled, empty: '·'.repeat(width - whole - (part === '' ? 0 : 1)) };
}
