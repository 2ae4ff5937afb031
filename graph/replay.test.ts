import { describe, expect, it } from 'vitest';
import { createDesk } from './desk.ts';
import { createScriptedModel } from './models/scripted.ts';
import { replaySession } from './replay.ts';
import { takeTurn, testParts } from './testing/test-desk.ts';

describe('replay', () => {
  it('repeats a session of the embedded model exactly', async () => {
    const parts = testParts();
    const desk = createDesk(parts);
    await takeTurn(desk.ask('s', 'what is 15% of 84,000'));
    await takeTurn(desk.ask('s', 'what is survivorship bias'));
    expect(await replaySession(desk, parts, 's')).toMatchObject({
      same: true,
      turns: [{ same: true }, { same: true }],
    });
  });

  it('plays a real model back from its recorded replies and shows the first difference', async () => {
    const model = createScriptedModel([
      { toolCalls: [{ name: 'calculate', args: { expression: '2 + 3' } }] },
      { text: 'The sum is {{r1.value}}.' },
    ]);
    const parts = testParts({ model });
    const desk = createDesk(parts);
    await takeTurn(desk.ask('s', 'what is 2 + 3'));
    expect((await replaySession(desk, parts, 's')).same).toBe(true);
    const changed = {
      ...parts,
      runner: {
        run: async () => ({
          ok: false as const,
          tool: 'calculate',
          error: { code: 'GONE', kind: 'data' as const, message: 'gone', hint: '', details: {} },
        }),
      },
    };
    const report = await replaySession(desk, changed, 's');
    expect(report.same).toBe(false);
    expect(report.turns[0]?.difference).toContain('calculate gave nothing instead of run_');
  });
});
