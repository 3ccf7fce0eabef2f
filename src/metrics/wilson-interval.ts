/** How far a ratio may be from the truth by chance alone. Pure. */

/** The 97.5 % point of the standard normal distribution. */
export const Z_95 = 1.959963984540054;

/** Wilson's 95 % interval (1927) of `part` in `whole`, as [low, high] in 0..1; null = the whole is 0. */
export function wilsonInterval(part: number, whole: number): [number, number] | null {
  if (whole === 0) return null;
  const share = part / whole;
  const scale = 1 + Z_95 ** 2 / whole;
  const centre = (share + Z_95 ** 2 / (2 * whole)) / scale;
  const half = (Z_95 * Math.sqrt((share * (1 - share)) / whole + Z_95 ** 2 / (4 * whole ** 2))) / scale;
  return [part === 0 ? 0 : centre - half, part === whole ? 1 : centre + half];
}
