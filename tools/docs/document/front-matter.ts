/** YAML front matter of a Hugging Face model card; strings are JSON strings, which YAML reads. */
import type { DocumentRecord } from './document-record.ts';
import { valueAtPointer } from './json-pointer.ts';

const text = (value: string): string => JSON.stringify(value);

export function huggingFaceFrontMatter(records: readonly DocumentRecord[]): string {
  const record = records[0];
  const symbols = record?.data.flatMap((entry) => entry.symbols) ?? [];
  const name = `tradewind-${record?.tool.replaceAll('_', '-') ?? 'model'}`;
  const metrics = records.flatMap(metricsOf);
  const lines = [
    'license: other',
    'license_name: "not-stated"',
    'library_name: tradewind',
    'language: en',
    'pipeline_tag: tabular-regression',
    'tags:',
    '  - finance',
    '  - time-series',
    ...[...new Set(records.map((entry) => entry.tool))].map((tool) => `  - ${text(tool)}`),
  ];
  if (metrics.length === 0) return lines.join('\n');
  return [
    ...lines,
    'model-index:',
    `  - name: ${text(name)}`,
    '    results:',
    '      - task:',
    '          type: tabular-regression',
    '        dataset:',
    `          name: ${text(symbols.slice(0, 6).join(', ') || 'given inputs')}`,
    `          type: ${text(records.some((entry) => entry.data.some((part) => part.synthetic)) ? 'synthetic-market' : 'market')}`,
    '        metrics:',
    ...metrics.flatMap((metric) => [`          - type: ${text(metric.type)}`, `            value: ${metric.value}`]),
  ].join('\n');
}

function metricsOf(record: DocumentRecord): { type: string; value: number }[] {
  const algorithms = record.output['algorithms'];
  const best = Array.isArray(algorithms) ? algorithms.findIndex((entry) => entry?.name === record.output['best']) : -1;
  const wanted: readonly (readonly [string, string])[] = [
    ['information_coefficient', `/output/algorithms/${best}/walkForward/informationCoefficient/estimate`],
    ['r_squared', `/output/algorithms/${best}/walkForward/rSquared/estimate`],
    ['roc_auc', `/output/algorithms/${best}/walkForward/areaUnderCurve/estimate`],
    ['log_likelihood', '/output/logLikelihood'],
    ['bic', '/output/bic'],
  ];
  return wanted.flatMap(([type, pointer]) => {
    const value = valueAtPointer(record, pointer);
    return typeof value === 'number' ? [{ type, value }] : [];
  });
}
