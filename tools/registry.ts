/** Every tool of Tradewind, one line each. Hosts, documentation and tests read this list. */
import { analyzeCurveCarry } from './carry/analyze-curve-carry.ts';
import { analyzeFuturesCarry } from './carry/analyze-futures-carry.ts';
import { analyzeFxCarry } from './carry/analyze-fx-carry.ts';
import { assessCarryCrashRisk } from './carry/assess-carry-crash-risk.ts';
import { buildYieldCurve } from './carry/build-yield-curve.ts';
import type { Tool } from './define-tool.ts';
import { allocateRiskBudget } from './portfolio/allocate-risk-budget.ts';
import { optimizePortfolio } from './portfolio/optimize-portfolio.ts';
import { traceEfficientFrontier } from './portfolio/trace-efficient-frontier.ts';
import { analyzeOptionStrategy } from './derivatives/analyze-option-strategy.ts';
import { hedgeBook } from './derivatives/hedge-book.ts';
import { implyVolatility } from './derivatives/imply-volatility.ts';
import { priceBasketOption } from './derivatives/price-basket-option.ts';
import { priceOption } from './derivatives/price-option.ts';
import { planExecution } from './execution/plan-execution.ts';
import { sliceOrder } from './execution/slice-order.ts';
import { analyzeVariancePremium } from './volatility/analyze-variance-premium.ts';
import { analyzeVolTermStructure } from './volatility/analyze-vol-term-structure.ts';
import { fitVolSurface } from './volatility/fit-vol-surface.ts';
import { priceVarianceSwap } from './volatility/price-variance-swap.ts';
import { listRuns } from './docs/list-runs.ts';
import { showRun } from './docs/show-run.ts';
import { verifyAnswer } from './docs/verify-answer.ts';
import { calculate } from './market/calculate.ts';
import { getMarketSnapshot } from './market/get-market-snapshot.ts';
import { getPrices } from './market/get-prices.ts';
import { searchInstruments } from './market/search-instruments.ts';
import { backtestHmm } from './regimes/backtest-hmm.ts';
import { detectMarketRegime } from './regimes/detect-market-regime.ts';
import { detectBreaks } from './regimes/detect-breaks.ts';
import { fitHmm } from './regimes/fit-hmm.ts';
import { fitMarkovRegression } from './regimes/fit-markov-regression.ts';
import { estimateVolatility } from './volatility/estimate-volatility.ts';
import { checkRebalance } from './rebalance/check-rebalance.ts';
import { trainReturnModel } from './ml/train-return-model.ts';
import { analyzePortfolioRisk } from './risk/analyze-portfolio-risk.ts';
import { sizePosition } from './risk/size-position.ts';
import { analyzeLeverage } from './risk/analyze-leverage.ts';
import { advisePosition } from './rebalance/advise-position.ts';
import { checkConstitution } from './rebalance/check-constitution.ts';
import { buildFeatures } from './ml/build-features.ts';
import { labelEvents } from './ml/label-events.ts';
import { explainModel } from './ml/explain-model.ts';
import { validateModel } from './ml/validate-model.ts';
import { monitorModel } from './ml/monitor-model.ts';
import { analyzeBasket } from './statarb/analyze-basket.ts';
import { analyzePair } from './statarb/analyze-pair.ts';
import { backtestPair } from './statarb/backtest-pair.ts';
import { calibrateEntryExit } from './statarb/calibrate-entry-exit.ts';
import { auditBacktest } from './backtest/audit-backtest.ts';
import { backtestStrategy } from './backtest/backtest-strategy.ts';
import { backtestMomentum } from './momentum/backtest-momentum.ts';
import { computeIndicators } from './momentum/compute-indicators.ts';
import { computeMomentum } from './momentum/compute-momentum.ts';
import { scanPairs } from './statarb/scan-pairs.ts';
import { testStationarity } from './statarb/test-stationarity.ts';
import { stressPortfolio } from './risk/stress-portfolio.ts';
import { measurePerformance } from './portfolio/measure-performance.ts';
import { backtestRebalance } from './rebalance/backtest-rebalance.ts';
import { writeModelDocument } from './docs/write-model-document.ts';
import { validateModelDocument } from './docs/validate-model-document.ts';
import { writePortfolioReport } from './rebalance/write-portfolio-report.ts';

export const tools: readonly Tool[] = [
  // regimes
  detectMarketRegime,
  fitHmm,
  backtestHmm,
  fitMarkovRegression,
  detectBreaks,
  // statarb
  testStationarity,
  analyzePair,
  // volatility
  estimateVolatility,
  scanPairs,
  backtestPair,
  calibrateEntryExit,
  analyzeBasket,
  // momentum
  computeMomentum,
  computeIndicators,
  backtestMomentum,
  // backtest
  backtestStrategy,
  auditBacktest,
  // market
  searchInstruments,
  getPrices,
  getMarketSnapshot,
  calculate,
  // carry
  buildYieldCurve,
  analyzeFxCarry,
  analyzeCurveCarry,
  analyzeFuturesCarry,
  assessCarryCrashRisk,
  // portfolio, risk, rebalance
  optimizePortfolio,
  traceEfficientFrontier,
  allocateRiskBudget,
  checkRebalance,
  trainReturnModel,
  analyzePortfolioRisk,
  sizePosition,
  analyzeLeverage,
  advisePosition,
  checkConstitution,
  buildFeatures,
  labelEvents,
  explainModel,
  validateModel,
  monitorModel,
  stressPortfolio,
  measurePerformance,
  backtestRebalance,
  // volatility, derivatives, execution
  priceOption,
  implyVolatility,
  writeModelDocument,
  validateModelDocument,
  priceBasketOption,
  fitVolSurface,
  analyzeVolTermStructure,
  priceVarianceSwap,
  analyzeVariancePremium,
  analyzeOptionStrategy,
  hedgeBook,
  sliceOrder,
  planExecution,
  writePortfolioReport,
  // docs and evidence
  listRuns,
  showRun,
  verifyAnswer,
];
