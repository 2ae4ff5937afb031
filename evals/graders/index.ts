/** Every grader, in the order of the report. */
import { gradeAsOf } from './grade-as-of.ts';
import { gradeNumbers } from './grade-numbers.ts';
import { gradeRoute } from './grade-route.ts';
import { gradeText } from './grade-text.ts';
import { gradeTools } from './grade-tools.ts';
import type { Grader } from './grader.ts';

export const graders: readonly Grader[] = [gradeRoute, gradeTools, gradeNumbers, gradeText, gradeAsOf];
