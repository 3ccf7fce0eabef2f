import { FAULTS } from './catalogue';
import { categoriesOf, classesOf, type Fault } from './fault';
import { ONLY } from './variant';

const HEADINGS = ['#', 'what arrives', 'class', 'category', 'variants', 'served by'];

/** The catalogue as a Markdown table. */
export function formatFaultTable(): string {
  const rows = [HEADINGS, ...FAULTS.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => lengthOf(row[column]))));
  const rule = widths.map((width) => '-'.repeat(width));
  return [rows[0]!, rule, ...rows.slice(1)].map((row) => lineOf(row, widths)).join('\n');
}

function cellsOf(fault: Fault): string[] {
  const names = fault.variants.map(({ name }) => name).filter((name) => name !== ONLY);
  return [
    String(fault.number),
    fault.name,
    classesOf(fault),
    categoriesOf(fault),
    names.join(', '),
    fault.servedBy,
  ];
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => cell + ' '.repeat(widths[column]! - lengthOf(cell)));
  return `| ${cells.join(' | ')} |`;
}

function lengthOf(cell: string | undefined): number {
  return cell?.length ?? 0;
}
