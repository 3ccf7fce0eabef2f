/** How far a ratio may be from the truth by chance alone. Pure. */

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/** Wilson's 95 % interval of `part` in `whole`, as [low, high] in 0..1; null = the whole is 0. */
export function wilsonInterval(part: number, whole: number): [number, number] | null {
  if (whole === 0) return null;
  const share = part / whole;
  const scale = 1 + Z ** 2 / whole;
  const centre = (share + Z ** 2 / (2 * whole)) / scale;
  const half = (Z * Math.sqrt((share * (1 - share)) / whole + Z ** 2 / (4 * whole ** 2))) / scale;
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
