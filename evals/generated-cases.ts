/** Tool-choice cases made from what every tool says a person would have asked of it: a new tool brings its own. */
import type { ToolExample } from '../tools/define-tool.ts';
import { type EvalCase, evalCase } from './case.ts';

/** The part of a tool that cases are made from. */
export interface ToolWithExamples {
  readonly name: string;
  readonly examples: readonly ToolExample[];
}

/** One case for every example that succeeds: its question must reach its tool. Examples of errors are the contract suite's. */
export function generatedCases(tools: readonly ToolWithExamples[]): readonly EvalCase[] {
  return tools.flatMap(({ name, examples }) =>
    examples.flatMap((example, i) =>
      'error' in example.expect
        ? []
        : [
            evalCase.parse({
              id: `generated-${name.replaceAll('_', '-')}-${i + 1}`,
              category: 'tools',
              language: /[가-힣]/.test(example.ask) ? 'ko' : 'en',
              why: `An example of ${name}.`,
              turns: [{ ask: example.ask, expect: { tools: { contains: [{ tool: name }] } } }],
            }),
          ],
    ),
  );
}
