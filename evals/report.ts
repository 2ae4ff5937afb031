/** Eval results as a table for the terminal and as JUnit XML for CI. */
import type { Comparison } from './baseline.ts';
import type { CaseResult } from './run.ts';
import { mcnemar, passHat, smallestDetectableDifference, wilson } from './statistics.ts';

export function failures(result: CaseResult): readonly string[] {
  return result.turns.flatMap((turn, i) => [
    ...(turn.transcript.fault === null ? [] : [`turn ${i + 1}: fault: ${turn.transcript.fault}`]),
    ...turn.verdicts.filter((one) => !one.pass).map((one) => `turn ${i + 1}: ${one.grader}: ${one.explanation}`),
  ]);
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

/** Passes, share and its 95% interval over cases; faults of the infrastructure are not counted. */
export function passRate(results: readonly CaseResult[]): string {
  const judged = results.filter((result) => result.status !== 'error');
  const passed = judged.filter((result) => result.status === 'pass').length;
  const { low, high } = wilson(passed, judged.length);
  return `${String(passed).padStart(4)} / ${judged.length}  ${percent(judged.length === 0 ? 0 : passed / judged.length)} (95%: ${percent(low)} to ${percent(high)})`;
}

/** pass@1 and pass^k over cases that were tried k times. */
export function trialSummary(results: readonly CaseResult[], k: number): string {
  const counts = results.flatMap(({ trials }) => (trials === undefined || trials.total < k ? [] : [trials]));
  if (k < 2 || counts.length === 0) return '';
  const mean = (draws: number) =>
    counts.reduce((sum, { passed, total }) => sum + passHat(passed, total, draws), 0) / counts.length;
  return `pass@1 ${percent(mean(1))}, pass^${k} ${percent(mean(k))} over ${counts.length} cases tried ${k} times`;
}

/** Is the difference from the baseline more than chance would give? */
export function pairedVerdict(comparison: Comparison, compared: number): string {
  const lost = comparison.regressions.filter((id) => !comparison.added.includes(id)).length;
  const won = comparison.improvements.length;
  if (lost + won === 0) return 'Same verdicts as the baseline.';
  const p = mcnemar(lost, won);
  const least = smallestDetectableDifference(compared, (lost + won) / Math.max(1, compared));
  const word = p >= 0.05 ? 'tied' : won > lost ? 'better' : 'worse';
  return `Against the baseline: ${word} (${lost} lost, ${won} won, McNemar p ${p.toFixed(3)}; differences below ${percent(least)} could not be seen).`;
}

/** Passes by category, then every failure with its reason. */
export function terminalReport(results: readonly CaseResult[]): string {
  const categories = [...new Set(results.map((result) => result.category))];
  const rows = categories.map((category) => {
    const members = results.filter((result) => result.category === category);
    return `${category.padEnd(16)} ${passRate(members)}`;
  });
  const broken = results
    .filter((result) => result.status !== 'pass')
    .map(
      (result) =>
        `\n✗ ${result.id} [${result.severity}${result.status === 'error' ? ', infrastructure' : ''}]\n${failures(result)
          .map((line) => `    ${line}`)
          .join('\n')}`,
    );
  return [...rows, ...broken].join('\n');
}

function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char)
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '');
}

export function junitReport(results: readonly CaseResult[], subject: string): string {
  const cases = results.map((result) => {
    const seconds = result.turns.reduce((sum, turn) => sum + turn.transcript.durationMs, 0) / 1000;
    const detail = escapeXml(failures(result).join('\n'));
    const tag = result.status === 'error' ? 'error' : 'failure';
    const body =
      result.status === 'pass' ? '' : `<${tag} message="${escapeXml(failures(result)[0] ?? '')}">${detail}</${tag}>`;
    return `  <testcase classname="${escapeXml(result.category)}" name="${escapeXml(result.id)}" time="${seconds.toFixed(3)}">${body}</testcase>`;
  });
  const count = (status: CaseResult['status']) => results.filter((result) => result.status === status).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="tradewind evals: ${escapeXml(subject)}" tests="${results.length}" failures="${count('fail')}" errors="${count('error')}">\n${cases.join('\n')}\n</testsuite>\n`;
}
