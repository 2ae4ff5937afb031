/** Claims of direction next to a bound value: "rose {{r1.return}}" with a negative return is pointed out. */
import type { Language } from '../../lib/format.ts';
import type { EvidenceRow } from '../../tools/binding/bound-result.ts';

const up = /\b(?:rose|gained|increased|grew|climbed|up by)\s+(?:by\s+)?$/i;
const down = /\b(?:fell|lost|dropped|declined|decreased|down by)\s+(?:by\s+)?$/i;

export function checkDirections(text: string, evidence: readonly EvidenceRow[], language: Language): readonly string[] {
  const notes: string[] = [];
  for (const row of evidence) {
    if (row.value === 0 || !/return|change|mean|pnl/i.test(row.path)) continue;
    const at = text.indexOf(row.formatted);
    if (at < 0) continue;
    const before = text.slice(Math.max(0, at - 24), at);
    const wrong =
      (up.test(before) && row.value < 0) || (down.test(before) && row.value > 0 && !row.formatted.startsWith('-'));
    if (!wrong) continue;
    notes.push(
      language === 'ko'
        ? `주의: ${row.formatted}의 방향이 서술과 다릅니다 (${row.handle}).`
        : `Note: the direction stated for ${row.formatted} does not fit its sign (${row.handle}).`,
    );
  }
  return notes;
}
