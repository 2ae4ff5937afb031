/** `npx tsx graph/testing/ask.ts "question" ["follow-up" …]`: prints the embedded model's answers over the bundled market. */
import { takeTurn, testDesk } from './test-desk.ts';

const desk = testDesk();
for (const question of process.argv.slice(2)) {
  const started = performance.now();
  const turn = await takeTurn(desk.ask('ask', question));
  const routed = turn.events.find((event) => event.type === 'routed');
  const tools = turn.events.flatMap((event) =>
    event.type === 'tool-started' ? [`${event.tool} ${JSON.stringify(event.input)}`] : [],
  );
  console.log(
    `\n### ${question}\n[${routed?.type === 'routed' ? `${routed.mode} ${routed.personas.join(',')} (${routed.reason})` : 'no route'}; ${Math.round(performance.now() - started)} ms]`,
  );
  for (const tool of tools) console.log(`  → ${tool}`);
  console.log(turn.text);
  if ((turn.answer?.unverified ?? 0) > 0) console.log(`!! unverified ${turn.answer?.unverified}`);
  if (turn.error !== null) console.log('!! error', turn.error);
}
