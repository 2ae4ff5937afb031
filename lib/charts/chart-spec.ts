/**
 * A chart as data. One spec renders in the terminal, as SVG, PNG and HTML, and in MCP clients.
 * Values use `null` for a gap. Dates are ISO strings. `unit` decides how ticks and labels are printed.
 */
import type { Unit } from '../units.ts';

export type ChartTone = 'neutral' | 'good' | 'bad' | 'warn' | 'accent' | 'muted';

interface ChartBase {
  readonly title: string;
  readonly subtitle?: string;
  /** True where any input is synthetic: every renderer prints the word. */
  readonly synthetic?: boolean;
  /** Source and as-of line under the chart. */
  readonly footer?: string;
}

export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly style?: 'line' | 'area' | 'points' | 'step' | 'dashed';
  readonly tone?: ChartTone;
  readonly axis?: 'left' | 'right';
}

/** Lines, areas and points over dates or numbers, with shaded spans (regimes) and marks (trades, break-evens). */
export interface XYChart extends ChartBase {
  readonly kind: 'xy';
  readonly x:
    | { readonly label: string; readonly dates: readonly string[] }
    | { readonly label: string; readonly numbers: readonly number[]; readonly unit: Unit };
  readonly y: {
    readonly label: string;
    readonly unit: Unit;
    readonly scale?: 'linear' | 'log';
    readonly zero?: boolean;
  };
  readonly y2?: { readonly label: string; readonly unit: Unit };
  readonly series: readonly ChartSeries[];
  /** Spans by index into x, both ends inclusive. */
  readonly bands?: readonly {
    readonly from: number;
    readonly to: number;
    readonly label: string;
    readonly tone: ChartTone;
  }[];
  readonly marks?: readonly {
    readonly x: number;
    readonly y: number;
    readonly label?: string;
    readonly tone?: ChartTone;
  }[];
  readonly lines?: readonly { readonly y: number; readonly label?: string; readonly tone?: ChartTone }[];
}

export interface BarChart extends ChartBase {
  readonly kind: 'bar';
  readonly categories: readonly string[];
  readonly unit: Unit;
  readonly series: readonly {
    readonly name: string;
    readonly values: readonly (number | null)[];
    readonly tone?: ChartTone;
  }[];
  readonly stacked?: boolean;
}

/** A matrix: correlation, surface, monthly returns. `values` is row-major, one entry per row and column. */
export interface HeatmapChart extends ChartBase {
  readonly kind: 'heatmap';
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (number | null)[];
  readonly unit: Unit;
  /** `diverging` centres the colours on zero. */
  readonly palette?: 'sequential' | 'diverging';
}

export interface CandleChart extends ChartBase {
  readonly kind: 'candles';
  readonly dates: readonly string[];
  readonly open: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly close: readonly (number | null)[];
  readonly volume?: readonly (number | null)[];
}

export type ChartSpec = XYChart | BarChart | HeatmapChart | CandleChart;
