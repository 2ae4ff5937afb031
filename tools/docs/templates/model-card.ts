import type { DocumentTemplate } from '../document/model-document.ts';
import {
  appendix,
  dataWindows,
  field,
  from,
  fromTraining,
  identification,
  importance,
  judgement,
  judgements,
  outOfSample,
  significance,
} from './template-parts.ts';

/** Mitchell et al. (2019), Model Cards for Model Reporting, with Hugging Face front matter. */
export const modelCard: DocumentTemplate = {
  id: 'model-card',
  title: 'Model card',
  frontMatter: 'hugging-face',
  sections: [
    identification,
    {
      id: 'use',
      title: 'Intended use',
      items: [
        judgement('Intended use', 'model owner'),
        judgement('Users', 'model owner'),
        judgement('Out of scope', 'model owner'),
      ],
    },
    {
      id: 'factors',
      title: 'Factors',
      items: [
        field(
          'Instruments',
          [fromTraining('/output/data/symbols'), from('*', '/input/symbols'), from('*', '/input/symbol')],
          'model developer',
          'the run names no instrument',
        ),
        ...importance,
      ],
    },
    { id: 'metrics', title: 'Metrics', items: [...outOfSample, ...significance] },
    { id: 'evaluation-data', title: 'Training and evaluation data', items: dataWindows },
    { id: 'ethics', title: 'Ethical considerations', items: [judgement('Considerations', 'compliance')] },
    ...judgements,
    ...appendix,
  ],
};
