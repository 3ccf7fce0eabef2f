/** Keeps the memory of a worker small over days. */
import { setFlagsFromString } from 'node:v8';

/** How far the heap may outgrow what is alive before it is cleaned. */
const PERCENT = 100;

/**
 * Has V8 collect garbage more often, for the rest of the process: it would else let the heap grow to four times what is
 * alive, and answers leave much behind. V8 reads the flag anew at each collection.
 */
export function growHeapSlowly(): void {
  setFlagsFromString(`--heap-growing-percent=${PERCENT}`);
}
