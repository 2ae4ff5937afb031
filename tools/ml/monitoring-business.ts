/** Profit, risk, costs and capacity of the monitored days. */
import type { z } from 'zod';
import type { FeatureTable } from '../kernels/ml/feature-table.ts';
import { type LongShortResult, longShort } from '../kernels/ml/long-short.ts';
import type { ModelRows } from '../kernels/ml/model-rows.ts';
import { maxDrawdown } from '../kernels/performance/drawdown.ts';
import { sharpeRatio } from '../kernels/performance/sharpe.ts';
import { mean, standardDeviation } from '../kernels/stats/moments.ts';
import { median } from '../kernels/stats/quantile.ts';
import type { monitoringInput } from './monitor-model.ts';
import type { MonitoringOutput } from './monitoring-output.ts';
import { type FinalModel, portfolioStyle } from './train-model-flow.ts';
import type { RecordedModel } from './training-input.ts';

export type MonitoringInput = z.output<typeof monitoringInput>;

export interface Watch {
  readonly model: RecordedModel;
  readonly input: MonitoringInput;
  readonly rows: ModelRows;
  readonly table: FeatureTable;
  readonly final: FinalModel;
  /** First monitored day. */
  readonly from: number;
  readonly prediction: Float64Array;
}

export function describeBusiness(watch: Watch): MonitoringOutput['businessImpact'] {
  const { model, rows, input, from } = watch;
  const masked = watch.prediction.slice();
  masked.fill(Number.NaN, 0, rows.dayStart[from] as number);
  const { costBps, topK, horizonDays } = model.input;
  const style = portfolioStyle(model.data.instruments.length);
  const trade = { topK, holdDays: horizonDays, costBps, delayDays: 1, style };
  const result = longShort(rows, model.data.instruments, masked, trade);
  const sum = (values: Float64Array): number => values.reduce((total, v) => total + v, 0);
  const costs = sum(result.gross) - sum(result.net);
  const year = model.data.periodsPerYear;
  const own = result.net.length > 2 ? sharpeRatio(result.net) : null;
  const traded = result.net.length > 0;
  return {
    tradingPnlAttribution: {
      grossReturn: traded ? sum(result.gross) : null,
      costs,
      netReturn: traded ? sum(result.net) : null,
      byInstrument: model.data.instruments
        .map((series, i) => ({ symbol: series.symbol, part: result.attribution[i] as number }))
        .sort((a, b) => Math.abs(b.part) - Math.abs(a.part))
        .slice(0, 20),
    },
    riskAdjustedPerformance: {
      sharpe: own === null ? null : own * Math.sqrt(year),
      informationRatio: activeRatio(watch, result, year),
      maxDrawdown: result.net.length > 1 ? Math.abs(maxDrawdown(result.net)) : null,
    },
    ...describeCosts(watch, result, { costs, year, capital: input.capital }),
  };
}

/** Against equal weights in all instruments. */
function activeRatio(watch: Watch, result: LongShortResult, year: number): number | null {
  const { model, rows } = watch;
  const active = result.net.map((value, k) => {
    const time = rows.days[result.day[k] as number] as number;
    const moves = model.data.instruments.flatMap((series) => {
      const t = series.times.indexOf(time);
      return t > 0 ? [(series.close[t] as number) / (series.close[t - 1] as number) - 1] : [];
    });
    return value - (moves.length > 0 ? mean(moves) : 0);
  });
  const ratio = active.length > 2 ? sharpeRatio(active) : null;
  return ratio === null ? null : ratio * Math.sqrt(year);
}

function describeCosts(
  watch: Watch,
  result: LongShortResult,
  parts: { readonly costs: number; readonly year: number; readonly capital: number | undefined },
): Pick<MonitoringOutput['businessImpact'], 'implementationCosts' | 'capacityUtilization'> {
  const { model, input } = watch;
  const volumes = model.data.instruments.flatMap((series) => {
    if (series.volume === null) return [];
    const recent = series.volume
      .slice(-21)
      .map((v, k) => v * (series.close[series.close.length - Math.min(21, series.volume?.length ?? 0) + k] as number));
    return recent.length > 0 ? [median(recent)] : [];
  });
  const turnover = result.turnover.length > 0 ? mean(result.turnover) : 0;
  const perTrade = turnover / Math.max(1, model.data.instruments.length);
  const known = volumes.length === model.data.instruments.length && perTrade > 0 && Math.min(...volumes) > 0;
  const capacity = known ? (input.volumeShare * Math.min(...volumes)) / perTrade : null;
  const utilization = capacity !== null && parts.capital !== undefined ? parts.capital / capacity : null;
  const daily = result.net.length > 2 ? standardDeviation(result.gross) : 0;
  const impact = utilization === null ? null : daily * Math.sqrt(input.volumeShare * utilization) * turnover * 2;
  return {
    implementationCosts: {
      transactionCosts: parts.costs,
      annualTurnover: turnover * parts.year,
      marketImpact: impact,
      reason: impact === null ? 'impact needs traded volume of every instrument and `capital`' : null,
    },
    capacityUtilization: {
      capacity,
      utilization,
      currency: model.data.currency,
      reason:
        capacity === null
          ? 'an instrument has no traded volume, or nothing was traded'
          : utilization === null
            ? 'give `capital`'
            : null,
    },
  };
}
