/** The limits of a portfolio tool's input as a problem for the optimiser. */
import { invalidInput } from '../../lib/errors.ts';
import type { PortfolioProblem } from '../kernels/optimise/portfolio-problem.ts';
import type { LinearRow } from '../kernels/optimise/quadratic-program.ts';
import type { Moments } from './estimate-moments.ts';
import type { ReturnPanel } from './load-return-panel.ts';
import { type PerAsset, readPerAsset } from './portfolio-input.ts';

export interface LimitsRequest {
  readonly minWeight: number;
  readonly maxWeight: number;
  readonly maxNames?: number | undefined;
  readonly sectors?: PerAsset<string> | undefined;
  readonly sectorCaps?: Readonly<Record<string, number>> | undefined;
  readonly groups?:
    | readonly {
        readonly name: string;
        readonly assets: readonly string[];
        readonly minWeight?: number | undefined;
        readonly maxWeight?: number | undefined;
      }[]
    | undefined;
  readonly allowCash: boolean;
  readonly shortLimit?: number | undefined;
  readonly grossLimit?: number | undefined;
  readonly currentWeights?: PerAsset<number> | undefined;
  readonly turnoverLimit?: number | undefined;
  readonly costBps?: number | undefined;
  readonly impactCoefficient?: number | undefined;
  readonly portfolioValue?: number | undefined;
  readonly maxVolumeShare?: number | undefined;
  readonly riskFreeRate: number;
}

export function buildProblem(input: LimitsRequest, moments: Moments, panel: ReturnPanel | null): PortfolioProblem {
  const { assets } = moments;
  const n = assets.length;
  // With a limit on names the least weight is that of names that are held; branch and bound applies it.
  const lower = new Float64Array(n).fill(input.maxNames === undefined ? input.minWeight : Math.min(0, input.minWeight));
  const upper = new Float64Array(n).fill(input.maxWeight);
  const current =
    input.currentWeights === undefined
      ? undefined
      : Float64Array.from(readPerAsset('currentWeights', input.currentWeights, assets, 0));
  needsCurrent(input, current);
  limitByVolume(input, panel, current, lower, upper);
  const rows = [...sectorRows(input, assets, panel), ...groupRows(input, assets)];
  return {
    covariance: moments.covariance,
    expectedReturns: moments.expectedReturns,
    lower,
    upper,
    ...(rows.length === 0 ? {} : { rows }),
    ...(input.allowCash ? { budget: { lower: 0, upper: 1 }, cashReturn: input.riskFreeRate } : {}),
    ...(current === undefined ? {} : { current }),
    ...(input.turnoverLimit === undefined ? {} : { turnoverLimit: input.turnoverLimit }),
    ...(input.shortLimit === undefined ? {} : { shortLimit: input.shortLimit }),
    ...(input.grossLimit === undefined ? {} : { grossLimit: input.grossLimit }),
    ...(input.costBps === undefined ? {} : { linearCosts: new Float64Array(n).fill(input.costBps / 1e4) }),
    ...(input.impactCoefficient === undefined
      ? {}
      : { quadraticCosts: new Float64Array(n).fill(input.impactCoefficient) }),
  };
}

function needsCurrent(input: LimitsRequest, current: Float64Array | undefined): void {
  if (current !== undefined) return;
  const asked = (['turnoverLimit', 'costBps', 'impactCoefficient'] as const).find(
    (field) => input[field] !== undefined,
  );
  if (asked !== undefined) {
    throw invalidInput({
      what: '`currentWeights`',
      needed: `given, because \`${asked}\` is about changing them`,
      got: 'nothing',
      hint: 'Give what is held now, or leave the limit or cost out.',
    });
  }
}

/** Trades no larger than a share of a day's money volume: bounds around what is held now. */
function limitByVolume(
  input: LimitsRequest,
  panel: ReturnPanel | null,
  current: Float64Array | undefined,
  lower: Float64Array,
  upper: Float64Array,
): void {
  if (input.maxVolumeShare === undefined) return;
  if (input.portfolioValue === undefined || panel === null) {
    throw invalidInput({
      what: '`maxVolumeShare`',
      needed: 'given together with `portfolioValue` and `symbols`',
      got: input.maxVolumeShare,
      hint: 'Add `portfolioValue` and use `symbols` with volume.',
    });
  }
  for (let i = 0; i < lower.length; i++) {
    const volume = panel.dailyVolumes[i];
    if (volume === null || volume === undefined) {
      throw invalidInput({
        what: `The volume of ${panel.assets[i]}`,
        needed: 'held in the store for a liquidity limit',
        got: 'nothing',
        hint: 'Leave `maxVolumeShare` out or use symbols with volume.',
      });
    }
    const most = (input.maxVolumeShare * volume) / input.portfolioValue;
    const held = current?.[i] ?? 0;
    lower[i] = Math.max(lower[i] as number, held - most);
    upper[i] = Math.min(upper[i] as number, held + most);
  }
}

function sectorRows(input: LimitsRequest, assets: readonly string[], panel: ReturnPanel | null): LinearRow[] {
  if (input.sectorCaps === undefined) return [];
  const sectors =
    input.sectors === undefined
      ? (panel?.sectors ?? []).map((sector) => sector ?? 'Unknown')
      : readPerAsset('sectors', input.sectors, assets, 'Unknown');
  if (sectors.length === 0)
    throw invalidInput({
      what: '`sectors`',
      needed: 'given with `sectorCaps` when assets are not symbols',
      got: 'nothing',
      hint: 'Give the sector of each asset in `sectors`.',
    });
  return Object.entries(input.sectorCaps).map(([name, cap]) => {
    if (!sectors.includes(name)) {
      throw invalidInput({
        what: '`sectorCaps`',
        needed: `about sectors among ${[...new Set(sectors)].join(', ')}`,
        got: name,
        hint: 'Use the sector names exactly as shown.',
      });
    }
    return {
      name: `sector ${name}`,
      coefficients: Float64Array.from(sectors, (sector) => (sector === name ? 1 : 0)),
      lower: Number.NEGATIVE_INFINITY,
      upper: cap,
    };
  });
}

function groupRows(input: LimitsRequest, assets: readonly string[]): LinearRow[] {
  return (input.groups ?? []).map((group) => {
    const unknown = group.assets.find((asset) => !assets.includes(asset));
    if (unknown !== undefined)
      throw invalidInput({
        what: `Group ${group.name}`,
        needed: `made of assets among ${assets.join(', ')}`,
        got: unknown,
        hint: 'Use the asset names exactly as shown.',
      });
    return {
      name: `group ${group.name}`,
      coefficients: Float64Array.from(assets, (asset) => (group.assets.includes(asset) ? 1 : 0)),
      lower: group.minWeight ?? Number.NEGATIVE_INFINITY,
      upper: group.maxWeight ?? Number.POSITIVE_INFINITY,
    };
  });
}
