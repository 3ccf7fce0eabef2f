/** Model names as servers give them, for messages. */

/** The name in quotes: a server may call its model anything, and only what a name is made of is repeated. */
export function plainModelName(model: string): string {
  return `"${model.slice(0, 80).replace(/[^\w./:@+ -]/g, '?')}"`;
}
