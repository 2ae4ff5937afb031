/** How a chart is drawn as text. */
export interface TerminalChartOptions {
  /** Columns at most. */
  readonly width: number;
  /** Rows of the drawing area; default 14. */
  readonly height?: number;
  readonly colour: boolean;
  /** Braille and block characters; ASCII otherwise. */
  readonly unicode: boolean;
}
