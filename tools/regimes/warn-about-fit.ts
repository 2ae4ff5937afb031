/** What a reader of a regime fit must know before trusting it. */
import type { RunContext } from '../define-tool.ts';
import type { StateProblem } from '../kernels/hmm/diagnose-states.ts';
import type { HmmFit } from '../kernels/hmm/fit-hmm.ts';
import type { HmmStandardErrors } from '../kernels/hmm/standard-errors.ts';

const problems: Readonly<Record<StateProblem, readonly [string, string]>> = {
  floored: [
    'VARIANCE_FLOOR',
    'sits at the variance floor: the likelihood has no maximum there. Use fewer states or a longer window.',
  ],
  collapsed: [
    'COLLAPSED_STATE',
    'has a variance below 1% of the sample variance: it explains a few near-equal observations, not a regime.',
  ],
  dead: ['DEAD_STATE', 'holds almost no observations. Use fewer states.'],
  duplicate: ['DUPLICATE_STATES', 'can hardly be told apart from another state. Use fewer states.'],
  absorbing: ['ABSORBING_STATE', 'is never left in this sample: its duration cannot be estimated.'],
};

export function warnAboutFit(
  fit: HmmFit,
  errors: HmmStandardErrors,
  rows: number,
  labels: readonly string[],
  context: Pick<RunContext, 'warn'>,
): void {
  if (!fit.converged) {
    context.warn(
      'NOT_CONVERGED',
      `EM stopped after ${fit.iterations} iterations while still gaining. Raise maxIterations.`,
    );
  }
  for (const { state, problem } of fit.diagnoses) {
    const [code, text] = problems[problem];
    context.warn(code, `The state "${labels[state]}" ${text}`);
  }
  if (rows < 20 * fit.parameters) {
    const message = `${rows} observations for ${fit.parameters} parameters: fewer than 20 each. The fit will not be stable; use fewer states or a longer window.`;
    context.warn('FEW_OBSERVATIONS', message);
  }
  if (errors.reason !== null) context.warn('NO_STANDARD_ERRORS', `No standard errors: ${errors.reason}.`);
  warnAboutMeans(fit, errors, labels, context);
}

/** The names come from the means; where those cannot be told apart, the names say little. */
function warnAboutMeans(
  fit: HmmFit,
  errors: HmmStandardErrors,
  labels: readonly string[],
  context: Pick<RunContext, 'warn'>,
) {
  const { states, features: d, means } = fit.model;
  if (states < 2) return;
  const top = (states - 1) * d;
  const gap = (means[top] as number) - (means[0] as number);
  const error = Math.hypot(errors.means[0] as number, errors.means[top] as number);
  if (!(gap < 2 * error)) return;
  const message = `The means of "${labels[0]}" and "${labels[states - 1]}" differ by less than two standard errors: the states differ in volatility, their names rest on little.`;
  context.warn('MEANS_NOT_SEPARATED', message);
}
