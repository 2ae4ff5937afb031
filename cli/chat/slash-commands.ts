/** Every slash command of the chat, in the order of /help. */

import { renderTerminal } from '../../lib/charts/terminal/render-terminal.ts';
import { parseIsoDate } from '../../lib/dates.ts';
import { invalidInput } from '../../lib/errors.ts';
import type { SuccessEnvelope } from '../../tools/envelope.ts';
import { firstDifferences } from '../render/first-differences.ts';
import { explainNumber } from './explain-number.ts';
import { exportChat } from './export-chat.ts';
import type { ChatSession, SlashCommand } from './slash-command.ts';

function last(chat: ChatSession) {
  const answer = chat.answers.at(-1);
  if (answer === undefined)
    throw invalidInput({ what: 'This command', needed: 'used after an answer', got: 'used before the first one' });
  return answer;
}

async function runOf(chat: ChatSession, name: string): Promise<SuccessEnvelope> {
  const fromHandle = [...chat.answers]
    .reverse()
    .flatMap((answer) => answer.results)
    .find((row) => row.handle === name)?.runId;
  const id = fromHandle ?? (await chat.app.runs.complete(name, 1))[0];
  const run = id === undefined || id === null ? undefined : await chat.app.runs.get(id);
  if (run === undefined)
    throw invalidInput({ what: 'A run', needed: 'a handle of this chat (r1) or a run id', got: name });
  return run.envelope as SuccessEnvelope;
}

const help: SlashCommand = {
  name: 'help',
  args: '',
  help: 'this list',
  run(_args, chat) {
    chat.print(
      slashCommands
        .map((command) => `/${`${command.name} ${command.args}`.trim().padEnd(28)} ${command.help}`)
        .join('\n'),
    );
    chat.print(
      'Enter sends, Alt-Enter or \\ at the end starts a new line, Ctrl-R searches history, Tab completes, Esc cancels, Ctrl-C clears and then leaves.',
    );
  },
};

const listTools: SlashCommand = {
  name: 'tools',
  args: '[family]',
  help: 'the tools that compute',
  async run([family], chat) {
    const { tools } = await import('../../tools/registry.ts');
    const chosen = tools.filter((tool) => family === undefined || tool.family === family);
    if (chosen.length === 0)
      throw invalidInput({
        what: '/tools',
        needed: `a family: ${[...new Set(tools.map((tool) => tool.family))].join(', ')}`,
        got: family,
      });
    chat.print(chosen.map((tool) => `${tool.family.padEnd(12)} ${tool.name.padEnd(28)} ${tool.title}`).join('\n'));
  },
};

const personas: SlashCommand = {
  name: 'personas',
  args: '',
  help: 'who answers what',
  async run(_args, chat) {
    const { personas: all } = await import('../../agents/registry.ts');
    chat.print(all.map((persona) => `${persona.id.padEnd(20)} ${persona.does}`).join('\n'));
  },
};

const model: SlashCommand = {
  name: 'model',
  args: '',
  help: 'which model answers, and how to use another',
  run(_args, chat) {
    const { config } = chat.app;
    chat.print(
      `${chat.app.modelName}\nA real model: set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server, and TRADEWIND_MODEL. Endpoint now: ${config.text('model.baseUrl') ?? 'none'}.`,
    );
  },
};

const asOf: SlashCommand = {
  name: 'asof',
  args: '[date]',
  help: 'show or set the day after which nothing is visible',
  run([date], chat) {
    if (date !== undefined) {
      parseIsoDate(date);
      if (date > chat.app.asOf)
        throw invalidInput({
          what: '/asof',
          needed: `on or before ${chat.app.asOf}, the cut-off with which Tradewind was started`,
          got: date,
        });
      chat.asOf = date;
    }
    chat.print(`As of ${chat.asOf}.`);
  },
};

const portfolio: SlashCommand = {
  name: 'portfolio',
  args: '',
  help: 'the portfolios that are held',
  async run(_args, chat) {
    const all = await chat.app.portsAt(chat.asOf).portfolios.list();
    chat.print(
      all.length === 0
        ? 'No portfolio yet. Import one: tradewind portfolio import FILE'
        : all
            .map(
              (one) =>
                `${one.name}${one.synthetic ? ' (SYNTHETIC)' : ''}: ${one.lots.length} lots, cash ${one.cash} ${one.currency}`,
            )
            .join('\n'),
    );
  },
};

const data: SlashCommand = {
  name: 'data',
  args: '[words]',
  help: 'the series that are held, with span and source',
  async run(words, chat) {
    const found = await chat.app.portsAt(chat.asOf).market.search({ text: words.join(' '), withData: true, limit: 40 });
    chat.print(
      found.length === 0
        ? 'Nothing held fits. See tradewind data list.'
        : found
            .map(
              (one) =>
                `${one.symbol.padEnd(14)} ${one.from ?? ''} to ${one.to ?? ''}  ${one.name}${one.synthetic ? ' (SYNTHETIC)' : ''}`,
            )
            .join('\n'),
    );
  },
};

const runs: SlashCommand = {
  name: 'runs',
  args: '[count]',
  help: 'the newest recorded runs',
  async run([count], chat) {
    const rows = await chat.app.runs.list({ limit: Math.max(1, Math.min(100, Number(count) || 10)) });
    chat.print(
      rows.map((row) => `${row.runId}  ${row.createdAt.slice(0, 19)}  as of ${row.asOf}  ${row.tool}`).join('\n') ||
        'No runs yet.',
    );
  },
};

const refresh: SlashCommand = {
  name: 'refresh',
  args: '',
  help: 'fetch newer prices of what the last answer used, and ask again',
  async run(_args, chat) {
    const { refreshSymbols, staleSymbols } = await import('../../app/refresh-stale.ts');
    const stale = await staleSymbols(
      chat.app,
      last(chat).results.map((row) => row.runId),
      chat.asOf,
    );
    if (stale.length === 0) return chat.print('The last answer rests on no old prices.');
    const { refreshed, failed } = await refreshSymbols(chat.app, stale);
    for (const { symbol, message } of failed) chat.print(`${symbol} was not refreshed: ${message}`);
    const question = chat.questions.at(-1);
    if (refreshed.length > 0 && question !== undefined) chat.ask(question);
  },
};

const why: SlashCommand = {
  name: 'why',
  args: '<number or handle>',
  help: 'where a number comes from and how to compute it again',
  async run(args, chat) {
    if (args.length === 0)
      throw invalidInput({
        what: '/why',
        needed: 'given a number of an answer, or a handle such as r1',
        got: 'nothing',
      });
    chat.print(await explainNumber(chat.app, chat.answers, args.join(' ')));
  },
};

const chart: SlashCommand = {
  name: 'chart',
  args: '[file.svg|png|html]',
  help: 'draw the charts of the last answer again, or write the first to a file',
  async run([file], chat) {
    const answer = last(chat);
    if (answer.charts.length === 0) return chat.print('The last answer has no chart.');
    if (file === undefined) {
      const traits = chat.traits();
      for (const spec of answer.charts)
        chat.print(
          renderTerminal(spec, {
            width: Math.min(traits.width, 140),
            height: 20,
            colour: traits.colour,
            unicode: traits.unicode,
          }).join('\n'),
        );
      return;
    }
    const { writeChartFile } = await import('../render/chart-file.ts');
    for (const spec of answer.charts.slice(0, 1)) chat.print(`Chart written to ${await writeChartFile(file, spec)}`);
  },
};

const exportCommand: SlashCommand = {
  name: 'export',
  args: 'md|html|json [file]',
  help: 'write this conversation with the evidence of every number',
  async run([format = 'md', file], chat) {
    const turns = chat.answers.map((answer, i) => ({ question: chat.questions[i] ?? '', answer }));
    chat.print(`Written to ${await exportChat({ session: chat.id, asOf: chat.asOf, turns }, format, file)}`);
  },
};

const compare: SlashCommand = {
  name: 'compare',
  args: 'A B',
  help: 'where two runs differ, in input and result',
  async run([a, b], chat) {
    if (a === undefined || b === undefined)
      throw invalidInput({ what: '/compare', needed: 'given two handles or run ids', got: a ?? 'nothing' });
    const [left, right] = [await runOf(chat, a), await runOf(chat, b)];
    const differences = firstDifferences(
      { input: left.input, output: left.output },
      { input: right.input, output: right.output },
      20,
    );
    chat.print(
      differences.length === 0
        ? 'They are the same.'
        : differences.map((one) => `${one.path}: ${one.before} → ${one.after}`).join('\n'),
    );
  },
};

const retry: SlashCommand = {
  name: 'retry',
  args: '',
  help: 'ask the last question again',
  run(_args, chat) {
    const question = chat.questions.at(-1);
    if (question === undefined)
      throw invalidInput({ what: '/retry', needed: 'used after a question', got: 'used before the first one' });
    chat.ask(question);
  },
};

async function decide(chat: ChatSession, decision: 'approved' | 'rejected', which: string | undefined): Promise<void> {
  const pending = await chat.desk.pending(chat.id);
  if (pending.kind !== 'approval') return chat.print('No proposal waits for a decision.');
  const chosen = which === undefined || which === 'all' ? null : Number(which) - 1;
  if (chosen !== null && !(chosen >= 0 && chosen < pending.proposals.length))
    throw invalidInput({
      what: 'The proposal',
      needed: `a number from 1 to ${pending.proposals.length}, or all`,
      got: which,
    });
  // What is not named is refused: silence never approves.
  chat.approve(pending.proposals.map((_, i) => (chosen === null || chosen === i ? decision : 'rejected')));
}

const approve: SlashCommand = {
  name: 'approve',
  args: '[number|all]',
  help: 'approve the proposal that waits (it is booked on paper, never sent)',
  run: ([which], chat) => decide(chat, 'approved', which),
};
const reject: SlashCommand = {
  name: 'reject',
  args: '[number|all]',
  help: 'reject the proposal that waits',
  run: (_args, chat) => decide(chat, 'rejected', undefined),
};

const memory: SlashCommand = {
  name: 'memory',
  args: '[forget <id>]',
  help: 'what is remembered between sessions, and how to forget it',
  async run([action, what], chat) {
    const { openMemory } = await import('../../app/open-desk.ts');
    const store = openMemory(chat.app.home, () => new Date());
    if (action === 'forget') {
      if (what === undefined)
        throw invalidInput({ what: '/memory forget', needed: 'given an id, a key or *', got: 'nothing' });
      return chat.print(`Forgotten: ${await store.forget(what)}`);
    }
    const items = await store.list();
    const lines = items.map(
      (item) => `${item.id}  ${item.kind}  ${item.key}: ${item.value}  (until ${item.expiresAt.slice(0, 10)})`,
    );
    chat.print(lines.join('\n') || 'Nothing is remembered.');
  },
};

const cost: SlashCommand = {
  name: 'cost',
  args: '',
  help: 'model calls, tokens and money of this chat',
  run(_args, chat) {
    const total = chat.answers.reduce(
      (sum, { usage }) => ({
        calls: sum.calls + usage.modelCalls,
        input: sum.input + usage.inputTokens,
        output: sum.output + usage.outputTokens,
        cost: usage.cost === null ? sum.cost : (sum.cost ?? 0) + usage.cost,
      }),
      { calls: 0, input: 0, output: 0, cost: null as number | null },
    );
    chat.print(
      `${total.calls} model calls, ${total.input} tokens in, ${total.output} tokens out, ${total.cost === null ? 'price not configured' : `$${total.cost.toFixed(4)}`}`,
    );
  },
};

const clear: SlashCommand = {
  name: 'clear',
  args: '',
  help: 'begin a new session; the old one stays in /sessions',
  run: (_args, chat) => chat.clear(),
};

const sessions: SlashCommand = {
  name: 'sessions',
  args: '[words]',
  help: 'earlier conversations',
  run(words, chat) {
    const rows = chat.app.sessions.list({ text: words.join(' '), limit: 20 });
    chat.print(
      rows
        .map(
          (row) =>
            `${row.id}  ${row.updatedAt.slice(0, 16).replace('T', ' ')}  ${String(row.turns).padStart(3)} turns  ${row.title}`,
        )
        .join('\n') || 'No earlier conversation fits.',
    );
  },
};

const resume: SlashCommand = {
  name: 'resume',
  args: '<session>',
  help: 'go on with an earlier conversation (the beginning of its id is enough)',
  async run([id], chat) {
    const rows = chat.app.sessions.list({ limit: 1000 }).filter((row) => id !== undefined && row.id.startsWith(id));
    const [row] = rows;
    if (row === undefined || rows.length > 1)
      throw invalidInput({ what: '/resume', needed: 'the id of one session from /sessions', got: id ?? 'nothing' });
    chat.id = row.id;
    const history = await chat.desk.history(row.id);
    chat.print(`Going on with ${row.id}: ${row.title}`);
    const turn = history.at(-1);
    if (turn !== undefined) chat.print(`› ${turn.user}\n${turn.text}`);
  },
};

const settings: SlashCommand = {
  name: 'settings',
  args: '',
  help: 'every setting and where it comes from',
  run(_args, chat) {
    chat.print(
      chat.app.config.entries
        .map(
          (entry) =>
            `${entry.key.padEnd(22)} ${entry.secret ? (entry.value === null ? '(not set)' : '(set)') : (entry.value ?? '(not set)')}  [${entry.origin}]`,
        )
        .join('\n'),
    );
  },
};

const quit: SlashCommand = {
  name: 'quit',
  args: '',
  help: 'leave; the session is kept',
  run: (_args, chat) => chat.quit(),
};

export const slashCommands: readonly SlashCommand[] = [
  help,
  listTools,
  personas,
  model,
  asOf,
  portfolio,
  data,
  runs,
  refresh,
  why,
  chart,
  exportCommand,
  compare,
  retry,
  approve,
  reject,
  memory,
  cost,
  clear,
  sessions,
  resume,
  settings,
  quit,
];
