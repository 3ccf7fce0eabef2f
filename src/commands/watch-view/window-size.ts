/** Size of a window, in columns and rows. */
export interface WindowSize {
  width: number;
  height: number;
}
