/** Ready questions that a person picks from a menu in an assistant. */
import { invalidInput } from '../lib/errors.ts';

interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

interface PromptEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  readonly text: (given: Readonly<Record<string, string>>) => string;
}

const RULES =
  'Use the tradewind tools for every number and quote the run id beside it. Say the as-of date. Say what the data cannot show. Never present a DEMO: symbol as a real market. Do not promise returns.';

const symbol: PromptArgument = { name: 'symbol', description: 'A symbol such as SPX or AAPL', required: true };

const entries: readonly PromptEntry[] = [
  {
    name: 'market_regime',
    title: 'Which regime is it in?',
    description: 'Fit a hidden Markov model and compare it with the VIX rule',
    arguments: [symbol],
    text: ({ symbol: name }) =>
      `Which regime is ${name} in? Fit a 3-state model with fit_hmm and set detect_market_regime beside it. Give the filtered probabilities, each state's mean, volatility and expected duration, and where the two disagree. ${RULES}`,
  },
  {
    name: 'pair_review',
    title: 'Review a pair',
    description: 'Cointegration both ways, half-life, where the spread stands, and whether costs leave anything',
    arguments: [
      { name: 'first', description: 'First symbol', required: true },
      { name: 'second', description: 'Second symbol', required: true },
    ],
    text: ({ first, second }) =>
      `Review the pair ${first} and ${second} with analyze_pair, then backtest_pair. Say whether both directions and Johansen agree, the half-life, the z-score now, and what is left after costs. ${RULES}`,
  },
  {
    name: 'weekly_report',
    title: 'Weekly portfolio report',
    description: 'Allocation against target, performance, actions, next review',
    arguments: [{ name: 'portfolio', description: 'Name of an imported portfolio', required: true }],
    text: ({ portfolio }) =>
      `Write the weekly report of the portfolio ${portfolio} with write_portfolio_report, and explain every proposed action with its cost and the limits before and after. ${RULES}`,
  },
  {
    name: 'model_document',
    title: 'Document a model',
    description: 'Fill a model document from recorded runs',
    arguments: [
      {
        name: 'template',
        description: 'model-development, feature-pipeline, monitoring-dashboard, sr26-2, model-card or datasheet',
        required: true,
      },
      { name: 'runIds', description: 'Run ids, separated by commas', required: true },
    ],
    text: ({ template, runIds }) =>
      `Write the ${template} document from the runs ${runIds} with write_model_document, then check it with validate_model_document and list what a person must still fill in. ${RULES}`,
  },
  {
    name: 'explain_number',
    title: 'Explain this number',
    description: 'Where a number came from and how to compute it again',
    arguments: [
      { name: 'runId', description: 'The run that holds it', required: true },
      { name: 'path', description: 'Where in the result, such as states[0].mean', required: true },
    ],
    text: ({ runId, path }) =>
      `Explain the number at ${path} of run ${runId}: open it with show_run, say which tool and inputs produced it, from which data, by which formula, and how to recompute it (tradewind runs replay ${runId} --diff). ${RULES}`,
  },
];

export function listPrompts(): readonly Omit<PromptEntry, 'text'>[] {
  return entries.map(({ text: _, ...rest }) => rest);
}

export function getPrompt(
  name: string,
  given: Readonly<Record<string, string>>,
): { readonly description: string; readonly text: string } {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined)
    throw invalidInput({
      what: 'The prompt',
      needed: `one of ${entries.map((one) => one.name).join(', ')}`,
      got: name,
    });
  const missing = entry.arguments.filter((argument) => argument.required && (given[argument.name] ?? '').trim() === '');
  if (missing.length > 0)
    throw invalidInput({
      what: `Prompt ${name}`,
      needed: `given ${missing.map((argument) => argument.name).join(', ')}`,
      got: 'nothing',
    });
  // What a client sends is put into a sentence, so it is kept to one short line.
  const safe = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, value.replace(/\s+/g, ' ').slice(0, 120)]),
  );
  return { description: entry.description, text: entry.text(safe) };
}
