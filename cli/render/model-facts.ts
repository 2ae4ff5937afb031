/** What the command line says of a trained model: its figures, and the evidence that a promotion needs. */
import type { App } from '../../app/create-app.ts';
import type { SuccessEnvelope } from '../../tools/envelope.ts';
import { valueAt } from '../../tools/value-at.ts';

export interface ModelFacts {
  readonly runId: string;
  readonly asOf: string;
  readonly algorithm: string;
  readonly verdict: string;
  readonly symbols: number;
  readonly informationCoefficient: number | null;
  readonly adjustedP: number | null;
  readonly rSquared: number | null;
  readonly hitRate: number | null;
  readonly netSharpe: number | null;
  readonly deflatedSharpe: number | null;
  readonly artefact: string;
  readonly synthetic: boolean;
}

export function factsOf(envelope: SuccessEnvelope): ModelFacts {
  const { output } = envelope;
  const algorithms = output['algorithms'] as readonly { readonly name: string }[];
  const best = algorithms.findIndex((entry) => entry.name === output['best']);
  const number = (path: string): number | null => {
    const value = valueAt(output, `algorithms[${best}].${path}`);
    return typeof value === 'number' ? value : null;
  };
  return {
    runId: envelope.runId,
    asOf: envelope.asOf,
    algorithm: String(output['best']),
    verdict: String(valueAt(output, 'verdict.level')),
    symbols: (valueAt(output, 'data.symbols') as readonly string[]).length,
    informationCoefficient: number('walkForward.informationCoefficient.estimate'),
    adjustedP: number('adjustedP'),
    rSquared: number('walkForward.rSquared.estimate'),
    hitRate: number('walkForward.hitRate.estimate'),
    netSharpe: number('portfolio.sharpe'),
    deflatedSharpe: number('portfolio.deflatedSharpe'),
    artefact: String(valueAt(output, 'artefact.sha256')),
    synthetic: valueAt(output, 'data.synthetic') === true,
  };
}

export const digits = (value: unknown): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(4))) : value === null ? 'not available' : String(value);

export interface Evidence {
  readonly what: 'out of sample' | 'stress' | 'validation';
  readonly runId: string | null;
  /** Why it does not count, else null. */
  readonly problem: string | null;
}

/** The three kinds of evidence, from the training run and the newest validation of it. */
export async function evidenceFor(app: App, training: SuccessEnvelope): Promise<readonly Evidence[]> {
  const blocks = valueAt(training.output, 'validation.walkForward') as readonly unknown[];
  const rows = await app.runs.list({ tool: 'validate_model', limit: 100 });
  let validation: SuccessEnvelope | undefined;
  for (const row of rows) {
    const envelope = (await app.runs.get(row.runId))?.envelope as SuccessEnvelope;
    if (envelope.output['modelRunId'] !== training.runId) continue;
    validation = envelope;
    break;
  }
  const missing = 'no run of validate_model for this model is recorded';
  const stresses = (validation?.output['stress'] ?? []) as readonly { readonly netSharpe: number | null }[];
  return [
    {
      what: 'out of sample',
      runId: training.runId,
      problem: blocks.length > 0 ? null : 'the training holds no walk-forward block',
    },
    {
      what: 'stress',
      runId: validation?.runId ?? null,
      problem:
        validation === undefined
          ? missing
          : stresses.some((stress) => stress.netSharpe !== null)
            ? null
            : 'no stress could be measured',
    },
    {
      what: 'validation',
      runId: validation?.runId ?? null,
      problem:
        validation === undefined ? missing : validation.output['verdict'] === 'passes' ? null : 'the validation fails',
    },
  ];
}
