/** Small pieces of SVG shared by all chart kinds: colours, text, frame, legend. */
import type { ChartSpec, ChartTone } from '../chart-spec.ts';

export interface SvgSize {
  readonly width: number;
  readonly height: number;
}

/** The drawing area inside the frame. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Readable on white, and told apart by people who do not see red and green alike (Okabe & Ito, 2008). */
const colours: Readonly<Record<ChartTone, string>> = {
  neutral: '#0072b2',
  good: '#009e73',
  bad: '#d55e00',
  warn: '#b58900',
  accent: '#9a4f96',
  muted: '#7a828c',
};

export const ink = '#1b1f24';
export const faint = '#d8dee4';
export const quiet = '#57606a';

const cycle: readonly ChartTone[] = ['neutral', 'bad', 'good', 'accent', 'warn', 'muted'];

export function colourOf(tone: ChartTone | undefined, position: number): string {
  return colours[tone ?? cycle[position % cycle.length] ?? 'neutral'];
}

export function escapeXml(text: string): string {
  return text
    .replace(
      /[&<>"']/g,
      (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char] ?? char,
    )
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '');
}

export interface TextOptions {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly fill?: string;
  readonly weight?: number;
}

export function svgText(x: number, y: number, text: string, options: TextOptions = {}): string {
  const { anchor = 'start', size = 12, fill = ink, weight = 400 } = options;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${fill}" font-weight="${weight}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

export function svgLine(x1: number, y1: number, x2: number, y2: number, stroke: string, extra = ''): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}"${extra}/>`;
}

/** Two decimals of a pixel keep files small and the same on every machine. */
export function round(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';
}

/** Title, subtitle, the word SYNTHETIC where it belongs, and the footer; the body stands between. */
export function svgFrame(spec: ChartSpec, size: SvgSize, body: string): string {
  const second = [spec.synthetic ? 'SYNTHETIC demo data, not a real market' : '', spec.subtitle ?? '']
    .filter(Boolean)
    .join(' · ');
  const label = `${spec.title}${second === '' ? '' : `. ${second}`}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" font-family="Inter, system-ui, sans-serif" role="img" aria-label="${escapeXml(label)}">`,
    `<title>${escapeXml(label)}</title>`,
    `<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>`,
    svgText(16, 26, spec.title, { size: 16, weight: 600 }),
    second === '' ? '' : svgText(16, 44, second, { fill: spec.synthetic ? '#d55e00' : quiet }),
    body,
    spec.footer ? svgText(16, size.height - 8, spec.footer, { size: 11, fill: quiet }) : '',
    '</svg>',
  ].join('');
}

/** Height that the frame's own words take. */
export function frameInsets(spec: ChartSpec): { readonly top: number; readonly bottom: number } {
  return { top: spec.synthetic || spec.subtitle ? 58 : 42, bottom: spec.footer ? 26 : 10 };
}

/** About the width of a text in Inter: enough to keep labels apart. East Asian characters are twice as wide. */
export function textWidth(text: string, size = 12): number {
  let units = 0;
  for (const char of text) units += /[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]/.test(char) ? 1 : 0.57;
  return units * size;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly block?: boolean;
}

/** Entries in rows that fit; returns the markup and the height it takes. */
export function svgLegend(
  entries: readonly LegendEntry[],
  left: number,
  top: number,
  width: number,
): { readonly markup: string; readonly height: number } {
  if (entries.length === 0) return { markup: '', height: 0 };
  let x = left;
  let y = top + 12;
  const parts: string[] = [];
  for (const entry of entries) {
    const space = 26 + textWidth(entry.label) + 18;
    if (x > left && x + space > left + width) {
      x = left;
      y += 18;
    }
    parts.push(
      entry.block
        ? `<rect x="${round(x)}" y="${round(y - 9)}" width="18" height="10" fill="${entry.colour}" fill-opacity="0.25"/>`
        : svgLine(
            x,
            y - 4,
            x + 18,
            y - 4,
            entry.colour,
            ` stroke-width="2"${entry.dashed ? ' stroke-dasharray="4 3"' : ''}`,
          ),
    );
    parts.push(svgText(x + 24, y, entry.label, { fill: quiet }));
    x += space;
  }
  return { markup: parts.join(''), height: y - top + 8 };
}
