/** Output shapes that the model tools share, and how kernels' results become them. */
import { z } from 'zod';
import { toIsoDate } from '../../lib/dates.ts';
import { units } from '../../lib/units.ts';
import type { Estimate, PredictionQuality } from '../kernels/ml/evaluate-predictions.ts';
import type { Candidate } from '../kernels/ml/return-models.ts';

export function estimateSchema(what: string) {
  return z.object({
    estimate: units.ratio(what).nullable(),
    standardError: units.ratio(`standard error of the ${what}, by day and out to the horizon`).nullable(),
    low: units.ratio(`lower bound of the ${what}`).nullable(),
    high: units.ratio(`upper bound of the ${what}`).nullable(),
    pValue: units.probability('one-sided p against no skill, before adjustment for the number of tests').nullable(),
    reason: z.string().nullable().describe('Why there is no number, else null'),
  });
}

export const qualitySchema = z.object({
  rows: units.count('predictions scored'),
  days: units.count('days scored'),
  informationCoefficient: estimateSchema('information coefficient'),
  informationKind: z.string().describe('Rank correlation within the day, or correlation over time'),
  hitRate: estimateSchema('share of signs that are right'),
  rSquared: estimateSchema('out-of-sample R² against the training mean'),
  areaUnderCurve: estimateSchema('area under the ROC curve of up against down'),
  accuracy: units.fraction('share of up and down calls that are right'),
  precision: units.fraction('share of up calls that went up').nullable(),
  recall: units.fraction('share of ups that were called').nullable(),
  f1: units.fraction('harmonic mean of precision and recall').nullable(),
});

export type Quality = z.input<typeof qualitySchema>;

function toEstimate(estimate: Estimate | null): z.input<ReturnType<typeof estimateSchema>> {
  if (estimate) return { ...estimate, reason: null };
  const reason = 'predictions or outcomes do not vary, or there are too few days';
  return { estimate: null, standardError: null, low: null, high: null, pValue: null, reason };
}

export function toQuality(quality: PredictionQuality): Quality {
  return {
    rows: quality.rows,
    days: quality.days,
    informationCoefficient: toEstimate(quality.informationCoefficient),
    informationKind: quality.informationKind,
    hitRate: toEstimate(quality.hitRate),
    rSquared: toEstimate(quality.rSquared),
    areaUnderCurve: toEstimate(quality.areaUnderCurve),
    ...quality.classification,
  };
}

export const settingsSchema = z
  .array(z.object({ name: z.string().describe('Setting'), value: units.coefficient('value of the setting') }))
  .describe('Hyper-parameters');

export const toSettings = (candidate: Candidate): { name: string; value: number }[] =>
  Object.entries(candidate.parameters).map(([name, value]) => ({ name, value }));

export const dayText = (time: number | undefined): string => toIsoDate(time ?? 0);
