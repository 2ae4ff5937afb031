/** A model document as DOCX; the binding of each value stands small behind it. */
import {
  Document,
  HeadingLevel,
  ImageRun,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { renderPng } from '../../lib/charts/render-png.ts';
import { renderSvg } from '../../lib/charts/render-svg.ts';
import type { DocumentField, DocumentSection, ModelDocument } from '../../tools/docs/document/model-document.ts';

export async function renderDocumentDocx(document: ModelDocument, charts: readonly ChartSpec[]): Promise<Uint8Array> {
  const figures = await Promise.all(charts.map(figure));
  const file = new Document({
    creator: 'Tradewind',
    title: document.title,
    sections: [
      {
        children: [
          new Paragraph({ text: document.title, heading: HeadingLevel.TITLE }),
          ...(document.runs.some((run) => run.synthetic)
            ? [
                new Paragraph({
                  children: [
                    new TextRun({
                      text: 'Made from synthetic (DEMO) data. Nothing here is evidence about a real market.',
                      bold: true,
                    }),
                  ],
                }),
              ]
            : []),
          new Paragraph({
            text: `Runs: ${document.runs.map((run) => `${run.runId} (${run.tool}, as of ${run.asOf})`).join(', ')}`,
          }),
          ...document.sections.flatMap(section),
          ...(figures.length > 0
            ? [new Paragraph({ text: 'Charts', heading: HeadingLevel.HEADING_1 }), ...figures]
            : []),
        ],
      },
    ],
  });
  return new Uint8Array(await Packer.toBuffer(file));
}

function section(part: DocumentSection): (Paragraph | Table)[] {
  return [
    new Paragraph({ text: part.title, heading: HeadingLevel.HEADING_1 }),
    ...part.notes.map((note) => new Paragraph({ text: note })),
    ...(part.fields.length > 0
      ? [new Table({ width: { size: 100, type: WidthType.PERCENTAGE }, rows: part.fields.map(row) })]
      : []),
    ...part.human
      .split(/\n{2,}/)
      .filter((text) => text !== '')
      .map((text) => new Paragraph({ text })),
  ];
}

function row({ label, content }: DocumentField): TableRow {
  const runs =
    content.kind === 'todo'
      ? [new TextRun({ text: `TODO(${content.owner}: ${content.why})`, highlight: 'yellow' })]
      : [
          new TextRun(content.text),
          new TextRun({ text: `  ${content.runId} ${content.pointer}`, size: 12, color: '8c959f' }),
        ];
  return new TableRow({
    children: [
      new TableCell({ width: { size: 38, type: WidthType.PERCENTAGE }, children: [new Paragraph({ text: label })] }),
      new TableCell({ width: { size: 62, type: WidthType.PERCENTAGE }, children: [new Paragraph({ children: runs })] }),
    ],
  });
}

async function figure(chart: ChartSpec): Promise<Paragraph> {
  const png = await renderPng(renderSvg(chart, { width: 900, height: 420 }));
  return new Paragraph({
    children: [new ImageRun({ type: 'png', data: png, transformation: { width: 600, height: 280 } })],
  });
}
