import type { DocumentTemplate } from '../document/model-document.ts';
import { appendix, field, from, judgement, judgements, operations } from './template-parts.ts';

const NO_REPORT = 'no run of build_features was given';
const report = (pointer: string) => [from('build_features', pointer)];
const column = (key: string, label: string) => ({
  list: true as const,
  tool: 'build_features',
  pointer: '/output/features',
  labelKey: 'name',
  columns: [{ key, label }],
  most: 60,
});

/** The seed's feature pipeline record, every field of it. */
export const featurePipeline: DocumentTemplate = {
  id: 'feature-pipeline',
  title: 'Feature engineering pipeline',
  sections: [
    {
      id: 'scope',
      title: 'Scope',
      items: [
        field('Feature category', report('/output/pipeline/featureCategory'), 'model developer', NO_REPORT),
        field('Universe', report('/output/pipeline/universe'), 'model developer', NO_REPORT),
        field('From', report('/output/from'), 'model developer', NO_REPORT),
        field('To', report('/output/to'), 'model developer', NO_REPORT),
      ],
    },
    {
      id: 'construction',
      title: 'Feature construction',
      items: [
        field('Raw data sources', report('/output/pipeline/rawDataSources'), 'data owner', NO_REPORT),
        field('Calculation method', report('/output/pipeline/calculationMethod'), 'model developer', NO_REPORT),
        field('Lookback windows', report('/output/pipeline/lookbackWindows'), 'model developer', NO_REPORT),
        field('Update frequency', report('/output/pipeline/updateFrequency'), 'model developer', NO_REPORT),
        column('formula', 'formula'),
      ],
    },
    {
      id: 'quality',
      title: 'Feature quality metrics',
      items: [
        column('mutualInformation', 'information content (mutual information)'),
        column('stability', 'stability (PSI)'),
        column('completeness', 'completeness'),
        column('turnover', 'turnover'),
      ],
    },
    {
      id: 'power',
      title: 'Predictive power',
      items: [
        field('Features tested', [from('build_features', '/output/tests', 'count')], 'model developer', NO_REPORT),
        column('informationCoefficient', 'univariate information coefficient'),
        column('falseDiscoveryRate', 'false-discovery rate'),
        {
          list: true,
          tool: 'explain_model',
          pointer: '/output/features',
          labelKey: 'name',
          columns: [{ key: 'permutationDrop', label: 'loss of IC when shuffled' }],
          most: 60,
        },
        column('redundancy', 'largest correlation with another feature'),
        column('calm', 'information coefficient on calm days'),
        column('stressed', 'information coefficient on stressed days'),
      ],
    },
    {
      id: 'production',
      title: 'Production implementation',
      items: [
        judgement('Calculation engine', 'operations', 'how features are computed in production is not in a run'),
        judgement('Data pipeline', 'operations', 'how data are loaded and stored in production is not in a run'),
        judgement('Quality checks', 'data owner', 'checks that people agreed on are not in a run'),
        ...operations.slice(-2),
      ],
    },
    ...judgements,
    ...appendix,
  ],
};
