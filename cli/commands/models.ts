/** `models list | show | compare | promote`: recorded trainings and the registry of promoted models. */
import type { Command } from 'commander';
import { codeHash, version } from '../../app/build-info.ts';
import type { App } from '../../app/create-app.ts';
import {
  createModelStore,
  type ModelStage,
  type ModelStore,
  type RegisteredModel,
} from '../../data/store/model-store.ts';
import { invalidInput, notAvailable, TradewindError } from '../../lib/errors.ts';
import type { SuccessEnvelope } from '../../tools/envelope.ts';
import { valueAt } from '../../tools/value-at.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { digits, type Evidence, evidenceFor, factsOf, type ModelFacts } from '../render/model-facts.ts';

interface PromoteOptions {
  readonly name: string;
  readonly as: string;
  readonly by?: string;
  readonly note: string;
  readonly yes?: boolean;
}

export function registerModelCommands(program: Command, context: CommandContext): void {
  const models = program.command('models').description('list, show, compare and promote trained models');
  models
    .command('list')
    .description('recorded trainings with their stage, newest first')
    .option('--limit <count>', 'how many', '20')
    .option('--json', 'as JSON')
    .action((options: { limit: string; json?: boolean }) => listModels(context, options));
  models
    .command('show <run>')
    .description('one model: recipe, data, evidence, lineage, what happened to it')
    .option('--json', 'as JSON')
    .action((run: string, options: { json?: boolean }) => showModel(context, run, options));
  models
    .command('compare <run> <other>')
    .description('two trainings side by side')
    .option('--json', 'as JSON')
    .action((run: string, other: string, options: { json?: boolean }) => compareModels(context, run, other, options));
  models
    .command('promote <run>')
    .description('make a model champion or challenger; needs recorded out-of-sample, stress and validation runs')
    .option('--name <name>', 'what the model is for; one champion a name', 'default')
    .option('--as <stage>', 'champion or challenger', 'champion')
    .option('--by <person>', 'who decides')
    .option('--note <text>', 'why', '')
    .option('--yes', 'do not ask')
    .action((run: string, options: PromoteOptions) => promoteModel(context, run, options));
}

const openStore = (app: App): ModelStore => createModelStore(app.database, () => new Date().toISOString());

async function findTraining(app: App, id: string): Promise<SuccessEnvelope> {
  const wanted = id.startsWith('run_') ? id : `run_${id}`;
  const ids = await app.runs.complete(wanted, 3);
  const exact = ids.includes(wanted) ? wanted : ids.length === 1 ? ids[0] : undefined;
  const run = exact === undefined ? undefined : await app.runs.get(exact);
  if (run === undefined) {
    throw notAvailable({
      code: 'UNKNOWN_RUN',
      message: `No run ${id} is recorded here.`,
      hint: 'See `tradewind models list`.',
    });
  }
  if (run.tool !== 'train_return_model') {
    throw invalidInput({
      code: 'NOT_A_MODEL',
      what: `Run ${run.runId}`,
      needed: 'a run of train_return_model',
      got: `a run of ${run.tool}`,
      hint: 'See `tradewind models list`.',
    });
  }
  return run.envelope as SuccessEnvelope;
}

async function listModels(context: CommandContext, options: { limit: string; json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const store = openStore(app);
  const limit = Math.max(1, Number.parseInt(options.limit, 10) || 20);
  const rows = await app.runs.list({ tool: 'train_return_model', limit });
  const models = await Promise.all(
    rows.map(async (row) => {
      const run = await app.runs.get(row.runId);
      const registered = store.get(row.runId);
      return {
        ...factsOf(run?.envelope as SuccessEnvelope),
        name: registered?.name ?? null,
        stage: registered?.stage ?? 'recorded',
      };
    }),
  );
  if (options.json) return context.out(JSON.stringify(models, null, 2));
  if (models.length === 0) return context.err('No model is recorded yet. Try `tradewind tool run train_return_model`.');
  for (const model of models) {
    context.out(
      `${model.runId}  ${model.stage.padEnd(10)}  ${model.algorithm.padEnd(17)}  IC ${digits(model.informationCoefficient)}  ${model.verdict}  as of ${model.asOf}${model.synthetic ? '  (synthetic)' : ''}`,
    );
  }
}

async function showModel(context: CommandContext, id: string, options: { json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const envelope = await findTraining(app, id);
  const store = openStore(app);
  const registered = store.get(envelope.runId);
  const evidence = await evidenceFor(app, envelope);
  const events = registered ? store.events(registered.name).filter((event) => event.runId === envelope.runId) : [];
  const { predictions: _predictions, path: _path, ...recipe } = envelope.output;
  if (options.json) {
    context.out(
      JSON.stringify(
        {
          facts: factsOf(envelope),
          registered: registered ?? null,
          evidence,
          events,
          input: envelope.input,
          data: envelope.data,
          output: recipe,
        },
        null,
        2,
      ),
    );
    return;
  }
  for (const [key, value] of Object.entries(factsOf(envelope))) context.out(`${key.padEnd(24)} ${digits(value)}`);
  context.out(`${'stage'.padEnd(24)} ${registered?.stage ?? 'recorded'}${registered ? ` (${registered.name})` : ''}`);
  context.out(`${'retrains'.padEnd(24)} ${digits(valueAt(envelope.output, 'lineage.previousRunId'))}`);
  for (const check of evidence)
    context.out(`${check.what.padEnd(24)} ${check.runId ?? 'missing'}${check.problem ? `: ${check.problem}` : ''}`);
  for (const event of events)
    context.out(`${event.at.slice(0, 19)}  ${event.event} by ${event.by}${event.note === '' ? '' : `: ${event.note}`}`);
}

async function compareModels(
  context: CommandContext,
  id: string,
  otherId: string,
  options: { json?: boolean },
): Promise<void> {
  const app = await context.openApp();
  const a = factsOf(await findTraining(app, id));
  const b = factsOf(await findTraining(app, otherId));
  if (options.json) return context.out(JSON.stringify({ first: a, second: b }, null, 2));
  for (const key of Object.keys(a) as (keyof ModelFacts)[]) {
    context.out(`${key.padEnd(24)} ${digits(a[key]).slice(0, 24).padEnd(26)} ${digits(b[key]).slice(0, 24)}`);
  }
  context.out(
    'A difference between two models on the same days is itself noisy: compare intervals (`models show`), not points.',
  );
}

async function promoteModel(context: CommandContext, id: string, options: PromoteOptions): Promise<void> {
  if (options.as !== 'champion' && options.as !== 'challenger') {
    throw invalidInput({ what: '--as', needed: 'champion or challenger', got: options.as });
  }
  const stage: ModelStage = options.as;
  const app = await context.openApp();
  const envelope = await findTraining(app, id);
  const evidence = await evidenceFor(app, envelope);
  // A challenger runs beside the champion without deciding anything: its validation must exist, not pass.
  const problems = evidence.filter(
    (entry) => entry.problem !== null && (stage === 'champion' || entry.problem !== 'the validation fails'),
  );
  if (problems.length > 0) {
    throw new TradewindError({
      code: 'EVIDENCE_MISSING',
      kind: 'data',
      message: `${envelope.runId} cannot be promoted to ${stage}: ${problems.map((entry) => `${entry.what}: ${entry.problem}`).join('; ')}.`,
      hint: `Record the evidence with validate_model (runId ${envelope.runId}); a model that fails it stays unpromoted.`,
    });
  }
  if (!options.yes && !(await confirmed(context, envelope.runId, stage, options.name)))
    return context.exit(exitCodes.needsApproval);
  const artefact = await refit(app, envelope, context);
  const model = registration(envelope, options.name, stage, evidence);
  openStore(app).promote({ ...model, artefact }, options.by ?? 'person at the terminal', options.note);
  context.out(`${envelope.runId} is ${stage} of ${options.name}.`);
}

async function confirmed(context: CommandContext, runId: string, stage: string, name: string): Promise<boolean> {
  if (!context.stdinIsTty) {
    context.err('Promotion is a person’s decision: run it at a terminal, or give --yes.');
    return false;
  }
  const { createInterface } = await import('node:readline/promises');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader.question(`Make ${runId} ${stage} of ${name}? (y/N) `);
  reader.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Fits the model again from its recipe; the registry takes it only where it is the recorded one, bit for bit. */
async function refit(app: App, envelope: SuccessEnvelope, context: CommandContext): Promise<string> {
  const { loadRecordedModel } = await import('../../tools/ml/training-input.ts');
  const { refitArtefact } = await import('../../tools/ml/refit-artefact.ts');
  const { createRng } = await import('../../lib/rng.ts');
  const loaded = await loadRecordedModel(envelope.runId, app.portsAt(envelope.asOf));
  const artefact = refitArtefact(loaded.value, {
    rng: createRng(envelope.seed),
    signal: context.signal,
    progress: () => undefined,
    warn: (_code, message) => context.err(message),
    runJobs: () => Promise.reject(new Error('a refit has no jobs')),
  });
  if (artefact.sha256 !== valueAt(envelope.output, 'artefact.sha256')) {
    throw new TradewindError({
      code: 'MODEL_CHANGED',
      kind: 'data',
      message: `${envelope.runId} does not fit to the recorded model again: its data or the code have changed since.`,
      hint: 'Train it again and promote the new run.',
    });
  }
  return artefact.text;
}

function registration(
  envelope: SuccessEnvelope,
  name: string,
  stage: ModelStage,
  evidence: readonly Evidence[],
): Omit<RegisteredModel, 'registeredAt'> {
  const facts = factsOf(envelope);
  const previous = valueAt(envelope.output, 'lineage.previousRunId');
  return {
    runId: envelope.runId,
    name,
    stage,
    algorithm: facts.algorithm,
    artefactHash: facts.artefact,
    dataHashes: envelope.data.map((entry) => entry.hash),
    codeVersion: `${version} ${codeHash}`,
    parameters: { settings: envelope.output['finalSettings'], input: envelope.input },
    metrics: facts,
    previousRunId: typeof previous === 'string' ? previous : null,
    evidence: [...new Set(evidence.flatMap((entry) => entry.runId ?? []))],
  };
}
