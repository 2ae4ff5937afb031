/** A chart as a file: SVG, PNG or a page, by the ending of its name. */
import { writeFileSync } from 'node:fs';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { invalidInput } from '../../lib/errors.ts';

export async function writeChartFile(file: string, chart: ChartSpec): Promise<string> {
  const kind = /\.(svg|png|html)$/i.exec(file)?.[1]?.toLowerCase();
  if (kind === undefined)
    throw invalidInput({ what: 'A chart file', needed: 'a name that ends in .svg, .png or .html', got: file });
  const { renderSvg } = await import('../../lib/charts/render-svg.ts');
  const svg = renderSvg(chart, { width: 960, height: 540 });
  if (kind === 'png') {
    const { renderPng } = await import('../../lib/charts/render-png.ts');
    writeFileSync(file, await renderPng(svg));
  } else
    writeFileSync(file, kind === 'svg' ? svg : `<!doctype html><meta charset="utf-8"><title>Tradewind</title>${svg}\n`);
  return file;
}
