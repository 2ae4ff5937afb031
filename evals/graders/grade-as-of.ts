/** Did any tool see a day after the cut-off? */
import { type Grader, verdict } from './grader.ts';

export const gradeAsOf: Grader = (transcript, expect, context) => {
  const limit = expect.nothingAfter ?? context.asOf;
  const late = transcript.calls.flatMap((call) =>
    call.data
      .filter((entry) => entry.to.slice(0, 10) > limit)
      .map((entry) => `${call.tool} read ${entry.symbols.join(', ')} to ${entry.to}`),
  );
  return [verdict('no look-ahead', late.length === 0, late.join('; '))];
};
