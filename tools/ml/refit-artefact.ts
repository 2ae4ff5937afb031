/** The fitted model of a training run again, from its recipe: what the registry keeps. */
import type { RunContext } from '../define-tool.ts';
import { type Artefact, toArtefact } from './artefact.ts';
import { prepareRows } from './prepare-rows.ts';
import { fitFinal, withSeed } from './train-model-flow.ts';
import { bestOf, type RecordedModel } from './training-input.ts';

export function refitArtefact(model: RecordedModel, context: RunContext): Artefact {
  const { rows, table } = prepareRows(model.data, model.input);
  const { fitted } = fitFinal(rows, model.input, bestOf(model), withSeed(context, model.input.seed));
  return toArtefact(
    fitted,
    table.features.map((feature) => feature.name),
  );
}
