/** Did the right persona get the question, in the right mode; was something missing asked for, or declined? */
import { type Grader, type Verdict, verdict } from './grader.ts';

export const gradeRoute: Grader = (transcript, expect) => {
  const verdicts: Verdict[] = [];
  const { mode, personas } = expect.route ?? {};
  if (mode !== undefined)
    verdicts.push(verdict('mode', transcript.mode === mode, `mode ${transcript.mode}, expected ${mode}`));
  if (personas !== undefined) {
    const got = [...transcript.personas].sort().join(', ');
    const wanted = [...personas].sort().join(', ');
    verdicts.push(verdict('personas', got === wanted, `personas ${got || 'none'}, expected ${wanted || 'none'}`));
  }
  if (expect.mustAsk !== undefined) {
    verdicts.push(
      verdict(
        'clarify',
        transcript.asked === expect.mustAsk,
        transcript.asked ? 'it asked back' : 'it did not ask back',
      ),
    );
  }
  if (expect.mustDecline !== undefined) {
    verdicts.push(
      verdict(
        'decline',
        transcript.declined === expect.mustDecline,
        transcript.declined ? 'it declined' : 'it did not decline',
      ),
    );
  }
  return verdicts;
};
