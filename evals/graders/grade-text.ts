/** Does the answer say what it must, avoid what it must not, in the user's language, with the persona's sections? */
import { type Grader, type Verdict, verdict } from './grader.ts';

function looksKorean(text: string): boolean {
  const hangul = text.match(/[가-힣]/g)?.length ?? 0;
  const latin = text.match(/[a-z]/gi)?.length ?? 0;
  return hangul > 10 && hangul > latin * 0.3;
}

export const gradeText: Grader = (transcript, expect) => {
  const { text } = transcript;
  const verdicts: Verdict[] = [];
  if (transcript.fault === null) verdicts.push(verdict('answered', text.trim().length > 0, 'the answer is empty'));
  for (const pattern of expect.says)
    verdicts.push(verdict(`says ${pattern}`, new RegExp(pattern, 'is').test(text), text.slice(0, 300)));
  for (const pattern of expect.neverSays) {
    const found = new RegExp(pattern, 'is').exec(text);
    verdicts.push(verdict(`never says ${pattern}`, found === null, found === null ? '' : `it says “${found[0]}”`));
  }
  for (const section of expect.sections)
    verdicts.push(
      verdict(`section ${section}`, text.toLowerCase().includes(section.toLowerCase()), 'the section is missing'),
    );
  if (expect.language !== undefined) {
    verdicts.push(
      verdict(
        'language',
        looksKorean(text) === (expect.language === 'ko'),
        `expected ${expect.language}: ${text.slice(0, 120)}`,
      ),
    );
  }
  if (expect.maxWords !== undefined) {
    const words = text.split(/\s+/).filter(Boolean).length;
    verdicts.push(verdict('length', words <= expect.maxWords, `${words} words, at most ${expect.maxWords}`));
  }
  return verdicts;
};
