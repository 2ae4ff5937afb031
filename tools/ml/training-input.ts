/** Input of `train_return_model`; the tools that work on a recorded model read it back from the run. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Loaded, ToolWarning } from '../../data/types.ts';
import { invalidInput, notAvailable } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { loadModelData, type ModelData, symbolsField, tableShape } from './model-recipe.ts';

export const algorithmNames = ['ridge', 'elastic-net', 'random-forest', 'gradient-boosting'] as const;

export const trainingInput = z.strictObject({
  symbols: symbolsField,
  ...tableShape,
  algorithms: z
    .array(z.enum(algorithmNames))
    .min(1)
    .max(4)
    .default(['ridge', 'random-forest', 'gradient-boosting'])
    .describe('Compared on the same splits'),
  folds: units.count('purged folds').min(2).max(10).default(5),
  embargoDays: units.count('days dropped after each test block besides the purge').min(0).max(60).default(5),
  searchCandidates: units
    .count('settings tried per algorithm inside each training part; 1 takes the defaults')
    .min(1)
    .max(27)
    .default(6),
  firstTrainDays: units
    .count('days of the first walk-forward training window; default about half of the days')
    .min(60)
    .max(5000)
    .optional(),
  refitDays: units
    .count('days between walk-forward refits; default a fifth of the days after the first window')
    .min(5)
    .max(1000)
    .optional(),
  topK: units.count('names bought, and names sold').min(1).max(30).default(3),
  costBps: units.bps('cost of trading one unit of weight').min(0).max(500).default(5),
  confidence: units.probability('coverage of intervals').min(0.5).max(0.999).default(0.95),
  previousRunId: z
    .string()
    .regex(/^run_[0-9a-f]{4,32}$/, 'a run id such as run_6f1c0a9be2d34f71')
    .optional()
    .describe('The training run that this one retrains; recorded as its lineage'),
  seed: units.count('seed of every random draw').min(0).max(2_147_483_647).default(42),
});

export type TrainingInput = z.output<typeof trainingInput>;

export const runIdField = z
  .string()
  .regex(/^run_[0-9a-f]{4,32}$/, 'a run id such as run_6f1c0a9be2d34f71')
  .describe('Run id of the train_return_model run');

export interface RecordedModel {
  readonly runId: string;
  readonly input: TrainingInput;
  readonly output: Readonly<Record<string, unknown>>;
  readonly data: ModelData;
}

/** Reopens a training run: its input, its output, and the same data read again (a change is warned of). */
export async function loadRecordedModel(
  runId: string,
  ports: Ports,
  span: { readonly end?: string | undefined } = {},
): Promise<Loaded<RecordedModel>> {
  const run = await ports.runs.get(runId);
  if (run === undefined) {
    throw notAvailable({
      code: 'UNKNOWN_RUN',
      message: `No run ${runId} is recorded here.`,
      hint: 'Train a model with train_return_model first, or see list_runs for the ids.',
    });
  }
  if (run.tool !== 'train_return_model') {
    throw invalidInput({
      code: 'NOT_A_MODEL',
      what: `Run ${runId}`,
      needed: 'a run of train_return_model',
      got: `a run of ${run.tool}`,
      hint: 'See list_runs with tool train_return_model.',
    });
  }
  const envelope = run.envelope as {
    readonly input: unknown;
    readonly output: Readonly<Record<string, unknown>>;
    readonly asOf: string;
    readonly data: readonly { readonly hash: string }[];
  };
  const input = trainingInput.parse(envelope.input);
  const end = span.end ?? input.end ?? input.asOf ?? envelope.asOf;
  const loaded = await loadModelData({ ...input, end }, ports);
  const hashes = (list: readonly { readonly hash: string }[]): string => list.map((entry) => entry.hash).join();
  const changed = span.end === undefined && hashes(loaded.provenance) !== hashes(envelope.data);
  const warning: ToolWarning = {
    code: 'DATA_CHANGED',
    message: `The rows read now differ from those that ${runId} was trained on; its model is fitted again on the new ones.`,
  };
  return {
    value: { runId, input, output: envelope.output, data: loaded.value },
    provenance: loaded.provenance,
    warnings: [...(loaded.warnings ?? []), ...(changed ? [warning] : [])],
  };
}

/** The algorithm that the training chose. */
export function bestOf(model: RecordedModel): TrainingInput['algorithms'][number] {
  const best = model.output['best'];
  return (
    model.input.algorithms.find((name) => name === best) ??
    (model.input.algorithms[0] as TrainingInput['algorithms'][number])
  );
}
