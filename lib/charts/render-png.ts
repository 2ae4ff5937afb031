/** An SVG chart as PNG bytes, drawn with the bundled font, so that it looks the same everywhere. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export async function renderPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const fontFiles = ['400Regular/Inter_400Regular', '600SemiBold/Inter_600SemiBold'].map((name) =>
    require.resolve(`@expo-google-fonts/inter/${name}.ttf`),
  );
  return new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'Inter' },
  })
    .render()
    .asPng();
}
