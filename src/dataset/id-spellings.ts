/** The other ways in which an incident id may stand in a file or an older results file. Pure. */

/** What an export of CSV puts a quote before, so that no spreadsheet takes it for a formula. */
const GUARDED = /^'[=+\-@\t\r\0]/;
const WHOLE_NUMBER = /^[1-9]\d*$/;
const POWER = /^\d+(\.\d+)?e\+\d+$/;

/** The id itself first, then others that mean the same: without the guard of an export, and `1e+05` for 100000. */
export function spellingsOfId(id: string): string[] {
  const plain = GUARDED.test(id) ? id.slice(1) : id;
  const spellings = [id, plain];
  if (POWER.test(plain) && Number.isSafeInteger(Number(plain))) spellings.push(String(Number(plain)));
  if (WHOLE_NUMBER.test(plain) && Number.isSafeInteger(Number(plain))) spellings.push(asPower(Number(plain)));
  return [...new Set(spellings)];
}

/** As R prints a number: with at least two digits of exponent. */
function asPower(number: number): string {
  return number.toExponential().replace(/e\+(\d)$/, 'e+0$1');
}
