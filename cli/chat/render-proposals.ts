/** A proposal as the person who decides must see it. The default is No. */
import type { PendingProposal } from '../../graph/events.ts';
import type { Style } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import type { TerminalTraits } from '../render/terminal.ts';

function cell(value: unknown): string {
  if (value === null || value === undefined) return 'n/a';
  if (typeof value === 'number') return new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 }).format(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function renderProposals(proposals: readonly PendingProposal[], traits: TerminalTraits, style: Style): string {
  const blocks = proposals.map((pending, i) => {
    const rows = Object.entries(pending.proposal).map(([name, value]) => [name, cell(value)]);
    return [
      style.bold(`Proposal ${i + 1} (${pending.handle})`),
      ...renderTable(['field', 'value'], rows, traits.width, style),
    ].join('\n');
  });
  return [
    ...blocks,
    style.yellow(
      'Approve? The default is No. /approve [number|all] books it on paper, /reject refuses it. Nothing is ever sent to a broker.',
    ),
  ].join('\n\n');
}
