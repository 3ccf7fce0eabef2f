import { FAULTS } from './catalogue';
import { categoriesOf, classesOf, type Fault } from './fault';
import { ONLY } from './variant';

const HEADINGS = ['#', 'what arrives', 'class', 'category', 'served by'];
/** Markdown wants three dashes under a heading. */
const LEAST_WIDTH = 3;

/** The catalogue as a Markdown table. */
export function formatFaultTable(): string {
  const rows = [HEADINGS, ...FAULTS.map(cellsOf)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(LEAST_WIDTH, ...rows.map((row) => row[column]!.length)),
  );
  const rule = widths.map((width) => '-'.repeat(width));
  return [HEADINGS, rule, ...rows.slice(1)].map((row) => lineOf(row, widths)).join('\n');
}

/** The rows that show themselves in several ways, as a Markdown list of their names. */
export function formatVariantList(): string {
  return FAULTS.flatMap(({ number, variants }) => {
    const names = variants.map(({ name }) => name);
    return names.includes(ONLY) ? [] : [`- \`${number}:\` ${names.join(', ')}`];
  }).join('\n');
}

function cellsOf(fault: Fault): string[] {
  return [String(fault.number), fault.name, classesOf(fault), categoriesOf(fault), fault.servedBy];
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
}
