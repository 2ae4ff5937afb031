/** Output of `train_return_model`. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';
import { qualitySchema, settingsSchema } from './evidence-schema.ts';

const windowSchema = z.object({
  trainFrom: isoDate('first training day'),
  trainTo: isoDate('last training day'),
  testFrom: isoDate('first test day'),
  testTo: isoDate('last test day'),
  trainRows: units.count('training rows'),
  testRows: units.count('test rows'),
});

export const portfolioSchema = z.object({
  days: units.count('days traded'),
  annualReturn: units.annualReturn('arithmetic mean of net returns, annualised').nullable(),
  annualVolatility: units.annualVol('volatility of net returns').nullable(),
  sharpe: units.ratio('net Sharpe ratio, annualised, riskless rate taken as zero').nullable(),
  sharpeLow: units.ratio('lower bound of the Sharpe ratio').nullable(),
  sharpeHigh: units.ratio('upper bound of the Sharpe ratio').nullable(),
  grossSharpe: units.ratio('Sharpe ratio before costs, annualised').nullable(),
  maxDrawdown: units.fraction('largest fall from a peak').nullable(),
  probabilisticSharpe: units.probability('probability that the true Sharpe ratio is above zero').nullable(),
  deflatedSharpe: units.probability('the same after choosing among all settings tried').nullable(),
  trials: units.count('settings tried that the deflated Sharpe ratio pays for'),
  annualTurnover: units.ratio('half of the weights traded, per year'),
  annualCost: units.annualReturn('costs per year'),
});

const algorithmSchema = z.object({
  name: z.string().describe('Algorithm'),
  settings: settingsSchema,
  purgedFolds: qualitySchema,
  walkForward: qualitySchema,
  adjustedP: units.probability('p of the walk-forward information coefficient by Holm over all tests').nullable(),
  falseDiscoveryRate: units.probability('q of the same by Benjamini–Hochberg').nullable(),
  portfolio: portfolioSchema,
  searchFits: units.count('fits made by the searches inside training parts'),
});

export const trainingOutput = z.object({
  verdict: z.object({
    level: z.enum(['no-skill-detectable', 'weak-evidence', 'skill-out-of-sample']).describe('What the evidence allows'),
    text: z.string().describe('The same as a sentence'),
  }),
  best: z.string().describe('Algorithm chosen by the purged folds'),
  architecture: z.string().describe('What the model is'),
  data: z.object({
    symbols: z.array(z.string()),
    from: isoDate('first day with every feature'),
    to: isoDate('last day with every feature'),
    days: units.count('days'),
    rows: units.count('rows with every feature'),
    labelledRows: units.count('rows whose label is finished'),
    features: units.count('features'),
    dropped: z.array(z.object({ name: z.string(), reason: z.string() })).describe('Features that could not be built'),
    synthetic: z.boolean().describe('True for DEMO: data'),
  }),
  target: z.object({
    description: z.string().describe('What is predicted'),
    horizonDays: units.count('days ahead'),
  }),
  validation: z.object({
    method: z.string().describe('How the splits were made'),
    folds: units.count('purged folds'),
    purgeDays: units.count('days purged before and after each test block'),
    embargoDays: units.count('further days dropped after it'),
    walkForward: z.array(windowSchema).describe('Each walk-forward block'),
  }),
  tests: z.object({
    count: units.count('p-values adjusted together'),
    method: z.string().describe('How they were adjusted'),
    what: z.string().describe('Which tests they are'),
  }),
  algorithms: z.array(algorithmSchema),
  training: qualitySchema.describe('In-sample fit of the final model: never evidence of skill'),
  finalSettings: settingsSchema,
  predictions: z.array(
    z.object({
      symbol: z.string(),
      asOf: isoDate('day of the features'),
      prediction: units.fraction('predicted target over the horizon'),
      rank: units.count('rank, 1 the highest'),
      side: z.enum(['long', 'short', 'none']).describe('Side in the rank portfolio'),
    }),
  ),
  importance: z.array(z.object({ feature: z.string(), share: units.fraction('share of the importance in the fit') })),
  path: z
    .array(z.object({ date: isoDate('day'), equity: units.ratio('value of 1 invested, net of costs') }))
    .describe('Walk-forward portfolio of the chosen algorithm, month ends'),
  artefact: z.object({
    format: z.string().describe('How the model is written'),
    sha256: z.string().describe('Hash of the fitted model: the same recipe, data and code give the same'),
    bytes: units.bytes('size of the fitted model'),
  }),
  lineage: z.object({ previousRunId: z.string().nullable().describe('The training run that this one retrains') }),
  deployment: z.array(z.string()).describe('What must be in place before any use'),
  monitoring: z.array(z.string()).describe('What to watch'),
  consult: z.array(z.string()).describe('Who must be asked'),
});

export type TrainingOutput = z.input<typeof trainingOutput>;
