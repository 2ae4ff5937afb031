/** The weekly report as Markdown and as one HTML page with its charts inside: no script, no outside reference. */
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { renderSvg } from '../../lib/charts/render-svg.ts';
import { className, type Language, percent } from './rebalance-words.ts';

export interface ReportContent {
  readonly title: string;
  readonly weekOf: string;
  readonly subject: string;
  readonly synthetic: boolean;
  readonly total: string;
  readonly allocation: readonly {
    readonly assetClass: string;
    readonly current: number;
    readonly target: number;
    readonly mark: string;
  }[];
  readonly performance: readonly (readonly [label: string, value: string])[];
  readonly rebalancing: readonly (readonly [label: string, value: string])[];
  readonly recommendation: string;
  readonly reasoning: string;
  readonly actions: readonly string[];
  readonly limits: readonly string[];
  readonly nextReview: string;
  readonly notes: readonly string[];
  readonly language: Language;
}

const words = {
  en: {
    allocation: 'Asset allocation',
    target: 'target',
    performance: 'Performance',
    rebalancing: 'Rebalancing against buy-and-hold',
    decision: 'Decision',
    actions: 'Actions',
    none: 'None (within tolerance)',
    limits: 'Limits',
    next: 'Next review',
    notes: 'How to read it',
    synthetic: 'SYNTHETIC DATA',
  },
  ko: {
    allocation: '자산 배분',
    target: '목표',
    performance: '성과',
    rebalancing: '단순 보유 대비 리밸런싱',
    decision: '판단',
    actions: '조치',
    none: '없음 (허용 범위 이내)',
    limits: '한도',
    next: '다음 점검',
    notes: '읽는 법',
    synthetic: '합성 데이터',
  },
} as const;

export function reportMarkdown(c: ReportContent): string {
  const w = words[c.language];
  const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
  const pairs = (items: readonly (readonly [string, string])[]): string => list(items.map(([a, b]) => `${a}: ${b}`));
  return [
    `# ${c.title}`,
    `${c.subject} · ${c.weekOf} · ${c.total}${c.synthetic ? ` · **${w.synthetic}**` : ''}`,
    `## ${w.allocation}`,
    list(
      c.allocation.map(
        (a) =>
          `${className(a.assetClass, c.language)}: ${percent(a.current)} (${w.target} ${percent(a.target)}) ${a.mark}`,
      ),
    ),
    `## ${w.performance}`,
    pairs(c.performance),
    `## ${w.decision}`,
    `**${c.recommendation}** ${c.reasoning}`,
    `## ${w.actions}`,
    list(c.actions.length === 0 ? [w.none] : c.actions),
    ...(c.rebalancing.length === 0 ? [] : [`## ${w.rebalancing}`, pairs(c.rebalancing)]),
    ...(c.limits.length === 0 ? [] : [`## ${w.limits}`, list(c.limits)]),
    `**${w.next}: ${c.nextReview}**`,
    `## ${w.notes}`,
    list(c.notes),
    '',
  ].join('\n\n');
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:1.6rem;border-bottom:1px solid #d8dee4}
table{border-collapse:collapse}td,th{padding:.2rem 1rem .2rem 0;text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
svg{max-width:100%;height:auto}.quiet{color:#57606a}.flag{color:#9a3412;font-weight:600}`;

export function reportHtml(c: ReportContent, charts: readonly ChartSpec[]): string {
  const w = words[c.language];
  const list = (items: readonly string[]): string =>
    `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
  const table = (rows: readonly (readonly string[])[]): string =>
    `<table>${rows.map((row) => `<tr>${row.map((cell, i) => `<td${i === 0 ? '' : ' class="n"'}>${escapeHtml(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
  // Bars of many names need room for their labels.
  const heightOf = (chart: ChartSpec): number =>
    chart.kind === 'bar' ? 140 + 20 * chart.categories.length * chart.series.length : 360;
  const figures = charts.map((chart) => renderSvg(chart, { width: 880, height: heightOf(chart) }));
  return `<!doctype html>
<html lang="${c.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(c.title)}</title><style>${style}</style></head><body>
<h1>${escapeHtml(c.title)}</h1>
<p class="quiet">${escapeHtml(`${c.subject} · ${c.weekOf} · ${c.total}`)}${c.synthetic ? ` · <span class="flag">${w.synthetic}</span>` : ''}</p>
<h2>${w.allocation}</h2>
${table(c.allocation.map((a) => [className(a.assetClass, c.language), percent(a.current), `${w.target} ${percent(a.target)}`, a.mark]))}
<h2>${w.performance}</h2>
${table(c.performance)}
<h2>${w.decision}</h2>
<p><strong>${escapeHtml(c.recommendation)}</strong> ${escapeHtml(c.reasoning)}</p>
<h2>${w.actions}</h2>
${list(c.actions.length === 0 ? [w.none] : c.actions)}
${c.rebalancing.length === 0 ? '' : `<h2>${w.rebalancing}</h2>${table(c.rebalancing)}`}
${c.limits.length === 0 ? '' : `<h2>${w.limits}</h2>${list(c.limits)}`}
<p><strong>${w.next}: ${escapeHtml(c.nextReview)}</strong></p>
${figures.join('\n')}
<h2>${w.notes}</h2>
${list(c.notes)}
</body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
