/** Eval results as a table for the terminal and as JUnit XML for CI. */
import type { CaseResult } from './run.ts';

function failures(result: CaseResult): readonly string[] {
  return result.turns.flatMap((turn, i) => [
    ...(turn.transcript.fault === null ? [] : [`turn ${i + 1}: fault: ${turn.transcript.fault}`]),
    ...turn.verdicts.filter((one) => !one.pass).map((one) => `turn ${i + 1}: ${one.grader}: ${one.explanation}`),
  ]);
}

/** Passes by category, then every failure with its reason. */
export function terminalReport(results: readonly CaseResult[]): string {
  const categories = [...new Set(results.map((result) => result.category))];
  const rows = categories.map((category) => {
    const members = results.filter((result) => result.category === category);
    return `${category.padEnd(16)} ${String(members.filter((result) => result.status === 'pass').length).padStart(4)} / ${members.length}`;
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
