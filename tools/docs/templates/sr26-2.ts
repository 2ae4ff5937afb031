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
  operations,
  outOfSample,
  significance,
  stress,
} from './template-parts.ts';

const NOTICE = [
  'Supervisory style: this document is arranged after SR 26-2 (revised guidance on model risk management), which replaced SR 11-7 on 2026-04-17. SR 26-2 leaves generative and agentic AI out of its scope and is aimed at banking organisations with more than $30bn in total assets.',
  'No compliance with any guidance, rule or law is claimed. The language model that may have asked for this document computed nothing in it.',
];

/** Supervisory model-risk style; `sr11-7` is its alias. */
export const sr262: DocumentTemplate = {
  id: 'sr26-2',
  title: 'Model risk document (SR 26-2 style)',
  sections: [
    { id: 'notice', title: 'Notice', notes: NOTICE, items: [] },
    identification,
    {
      id: 'purpose',
      title: 'Purpose, use and materiality',
      items: [
        judgement('Intended use', 'model owner'),
        judgement('Materiality and exposure', 'model owner'),
        judgement('Uses that are excluded', 'model owner'),
        field(
          'Prediction target',
          [fromTraining('/output/target/description')],
          'model owner',
          'no run of train_return_model was given',
        ),
      ],
    },
    {
      id: 'soundness',
      title: 'Conceptual soundness',
      items: [
        field(
          'Method',
          [fromTraining('/output/architecture'), from('*', '/tool')],
          'model developer',
          'no given run describes the method',
        ),
        judgement('Why this method', 'model developer'),
        judgement('Assumptions and their support', 'model developer'),
        ...importance,
      ],
    },
    {
      id: 'data',
      title: 'Data',
      items: [
        ...dataWindows,
        field(
          'Synthetic data',
          [fromTraining('/output/data/synthetic'), from('*', '/data/0/synthetic')],
          'data owner',
          'the run does not say',
        ),
      ],
    },
    { id: 'outcomes', title: 'Outcomes analysis', items: outOfSample },
    { id: 'significance', title: 'Statistical significance', items: significance },
    { id: 'sensitivity', title: 'Sensitivity and stress', items: stress },
    {
      id: 'monitoring',
      title: 'Ongoing monitoring',
      items: [
        field('Status', [from('monitor_model', '/output/status')], 'model owner', 'no run of monitor_model was given'),
        field(
          'Retraining trigger',
          [from('monitor_model', '/output/alertsAndActions/performanceDegradation/retrain')],
          'model owner',
          'no run of monitor_model was given',
        ),
        ...operations,
      ],
    },
    {
      id: 'validation',
      title: 'Effective challenge',
      items: [
        field(
          'Validation verdict',
          [from('validate_model', '/output/verdict')],
          'model validation',
          'no run of validate_model was given',
        ),
        judgement('Independence of the validator', 'model validation'),
        judgement('Findings and their resolution', 'model validation'),
      ],
    },
    {
      id: 'governance',
      title: 'Governance',
      items: [
        judgement('Owner', 'model owner'),
        judgement('Inventory entry', 'model risk management'),
        judgement('Vendor components', 'model owner'),
        judgement('Change control', 'model owner'),
      ],
    },
    ...judgements,
    ...appendix,
  ],
};
