/**
 * Remembers keys, and a text for each, by digests alone: a million take 32 to 64 MB, however long they are. Keys are
 * compared by 128 bits of SHA-256. That any two of a million share them has a chance of one to 10^26, so that none is ever
 * taken for another. Texts are compared by length and CRC-32, which decides words for people only.
 */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const KEY_WORDS = 4;
const ENTRY_WORDS = KEY_WORDS + 2;
const FIRST_CAPACITY = 1024;

export class DigestTable {
  size = 0;
  private entries = new Uint32Array(FIRST_CAPACITY * ENTRY_WORDS);
  /** Open addressing, at most half full: place + 1 of an entry; 0 = free. */
  private slots = new Uint32Array(2 * FIRST_CAPACITY);

  /** The place of a key in the order of adding, counted from 0; -1 = it is not there. */
  find(key: string): number {
    return this.slots[this.slotOf(wordsOf(key))]! - 1;
  }

  /** Adds a key with its text unless it is there; gives the place that it had, or -1 where it is new. */
  add(key: string, text = ''): number {
    const words = wordsOf(key);
    const slot = this.slotOf(words);
    const earlier = this.slots[slot]! - 1;
    if (earlier >= 0) return earlier;
    this.entries.set(words, this.size * ENTRY_WORDS);
    this.entries.set([text.length, crc32(text)], this.size * ENTRY_WORDS + KEY_WORDS);
    this.size += 1;
    this.slots[slot] = this.size;
    if (this.size * 2 >= this.slots.length) this.grow();
    return -1;
  }

  /** Whether the key at a place was added with this text. */
  hasText(place: number, text: string): boolean {
    const at = place * ENTRY_WORDS + KEY_WORDS;
    return this.entries[at] === text.length && this.entries[at + 1] === crc32(text);
  }

  private slotOf(words: ArrayLike<number>): number {
    const mask = this.slots.length - 1;
    let slot = words[0]! & mask;
    while (this.slots[slot] !== 0 && !this.isAt(this.slots[slot]! - 1, words)) slot = (slot + 1) & mask;
    return slot;
  }

  private isAt(place: number, words: ArrayLike<number>): boolean {
    const at = place * ENTRY_WORDS;
    for (let index = 0; index < KEY_WORDS; index++) {
      if (this.entries[at + index] !== words[index]) return false;
    }
    return true;
  }

  private grow(): void {
    const larger = new Uint32Array(this.entries.length * 2);
    larger.set(this.entries);
    this.entries = larger;
    this.slots = new Uint32Array(this.slots.length * 2);
    for (let place = 0; place < this.size; place++) {
      const at = place * ENTRY_WORDS;
      this.slots[this.slotOf(this.entries.subarray(at, at + KEY_WORDS))] = place + 1;
    }
  }
}

function wordsOf(key: string): Uint32Array {
  const digest = hash('sha256', key, 'buffer');
  return new Uint32Array(digest.buffer.slice(digest.byteOffset, digest.byteOffset + 4 * KEY_WORDS));
}
