interface Entry<T> {
  order: number;
  /** Tells entries of equal order apart: the first come is the first served. */
  arrival: number;
  item: T;
}

/** A line in which the lowest order stands first, within it the first come; a binary heap. */
export class WaitingLine<T> {
  private entries: Entry<T>[] = [];
  private arrivals = 0;

  get length(): number {
    return this.entries.length;
  }

  /** Adds an item behind those of the same order. */
  push(order: number, item: T): void {
    const { entries } = this;
    const entry = { order, arrival: this.arrivals, item };
    this.arrivals += 1;
    let index = entries.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (compare(entries[parent]!, entry) < 0) break;
      entries[index] = entries[parent]!;
      index = parent;
    }
    entries[index] = entry;
  }

  /** Takes the first item; undefined when nobody waits. */
  shift(): T | undefined {
    const [first] = this.entries;
    const last = this.entries.pop();
    if (first !== undefined && last !== undefined && last !== first) this.sink(last);
    return first?.item;
  }

  /** Takes the first item that matches; undefined when none does. Cheap where the first of all does. */
  takeFirst(matches: (item: T) => boolean): T | undefined {
    const [first] = this.entries;
    if (first === undefined) return undefined;
    if (matches(first.item)) return this.shift();
    const sorted = [...this.entries].sort(compare);
    const index = sorted.findIndex((entry, place) => place > 0 && matches(entry.item));
    if (index === -1) return undefined;
    const [taken] = sorted.splice(index, 1);
    this.entries = sorted;
    return taken!.item;
  }

  /** Takes out and gives all items that match, in no particular order. */
  takeAll(matches: (item: T) => boolean): T[] {
    const taken = this.entries.filter(({ item }) => matches(item));
    this.entries = this.entries.filter(({ item }) => !matches(item)).sort(compare);
    return taken.map(({ item }) => item);
  }

  private sink(entry: Entry<T>): void {
    const { entries } = this;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && compare(entries[child + 1]!, entries[child]!) < 0) child += 1;
      if (compare(entry, entries[child]!) < 0) break;
      entries[index] = entries[child]!;
      index = child;
    }
    entries[index] = entry;
  }
}

function compare(a: Entry<unknown>, b: Entry<unknown>): number {
  return a.order - b.order || a.arrival - b.arrival;
}
