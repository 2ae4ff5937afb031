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

const MISSING = 'no given run holds this';

/** The seed's model development record, every field of it. */
export const modelDevelopment: DocumentTemplate = {
  id: 'model-development',
  title: 'Model development record',
  sections: [
    identification,
    {
      id: 'problem',
      title: 'Problem definition',
      items: [
        field(
          'Prediction target',
          [fromTraining('/output/target/description'), from('*', '/input/symbol')],
          'model owner',
          MISSING,
        ),
        field('Horizon (days)', [fromTraining('/output/target/horizonDays', 'count')], 'model owner', MISSING),
        field(
          'Feature universe',
          [fromTraining('/output/data/features', 'count'), from('build_features', '/output/pipeline/featureCategory')],
          'model developer',
          MISSING,
        ),
        field(
          'Instruments',
          [fromTraining('/output/data/symbols'), from('*', '/input/symbols'), from('*', '/input/symbol')],
          'model developer',
          MISSING,
        ),
        judgement('Business objective', 'model owner'),
        judgement('Success metrics', 'model owner'),
      ],
    },
    {
      id: 'data',
      title: 'Data preparation',
      items: [
        ...dataWindows,
        field(
          'Rows',
          [fromTraining('/output/data/rows', 'count'), from('*', '/data/0/rows', 'count')],
          'model developer',
          MISSING,
        ),
        field(
          'Missing bars',
          [from('monitor_model', '/output/modelPerformance/dataQuality/missingShare', 'fraction')],
          'data owner',
          'no run of monitor_model was given',
        ),
        field(
          'Outliers',
          [from('monitor_model', '/output/modelPerformance/dataQuality/outlierShare', 'fraction')],
          'data owner',
          'no run of monitor_model was given',
        ),
        field(
          'Feature engineering',
          [from('build_features', '/output/pipeline/calculationMethod')],
          'model developer',
          'no run of build_features was given',
        ),
      ],
    },
    {
      id: 'architecture',
      title: 'Model architecture',
      items: [
        field('Algorithm', [fromTraining('/output/best'), from('*', '/tool')], 'model developer', MISSING),
        {
          list: true,
          tool: 'train_return_model',
          pointer: '/output/finalSettings',
          labelKey: 'name',
          columns: [{ key: 'value', label: '' }],
          most: 12,
        },
        field('Cross-validation', [fromTraining('/output/validation/method')], 'model developer', MISSING),
        field('Folds', [fromTraining('/output/validation/folds', 'count')], 'model developer', MISSING),
        field('Embargo (days)', [fromTraining('/output/validation/embargoDays', 'count')], 'model developer', MISSING),
        judgement(
          'Feature selection',
          'model developer',
          'all features are given to the model; a selection by people is recorded here',
        ),
        field('Regularization', [fromTraining('/output/architecture')], 'model developer', MISSING),
      ],
    },
    {
      id: 'performance',
      title: 'Performance results',
      items: [
        ...(['accuracy', 'precision', 'recall', 'f1'] as const).map((key) =>
          field(`Training ${key}`, [fromTraining(`/output/training/${key}`, 'fraction')], 'model developer', MISSING),
        ),
        ...outOfSample,
      ],
    },
    { id: 'significance', title: 'Statistical significance', items: significance },
    { id: 'importance', title: 'Feature importance', items: importance },
    { id: 'stress', title: 'Stress and validation', items: stress },
    {
      id: 'deployment',
      title: 'Production deployment',
      items: [
        ...operations,
        field('Monitoring framework', [fromTraining('/output/monitoring')], 'operations', MISSING),
        field(
          'Retraining schedule',
          [from('monitor_model', '/output/alertsAndActions/performanceDegradation/action')],
          'model owner',
          'no run of monitor_model was given',
        ),
        field('Risk controls', [fromTraining('/output/deployment')], 'risk manager', MISSING),
        field('To consult', [fromTraining('/output/consult')], 'model owner', MISSING),
      ],
    },
    ...judgements,
    ...appendix,
  ],
};
