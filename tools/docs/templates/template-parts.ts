/** Short ways to write templates, and the sections that several of them share. */
import type { Unit } from '../../../lib/units.ts';
import type { FieldSource, TemplateField, TemplateSection } from '../document/model-document.ts';

const train = 'train_return_model';

export function from(tool: string, pointer: string, unit?: Unit): FieldSource {
  return unit === undefined ? { tool, pointer } : { tool, pointer, unit };
}

export const fromTraining = (pointer: string, unit?: Unit): FieldSource => from(train, pointer, unit);

export function field(label: string, sources: readonly FieldSource[], owner: string, why: string): TemplateField {
  return { label, sources, todo: { owner, why } };
}

/** A judgement: always a person's. */
export const judgement = (label: string, owner: string, why = 'a judgement that no run can hold'): TemplateField =>
  field(label, [], owner, why);

const NO_TRAINING = 'no run of train_return_model was given, or it does not hold this';
const NO_VALIDATION = 'no run of validate_model was given';
const NO_MONITORING = 'no run of monitor_model was given, or operations gave no measurement';

export const identification: TemplateSection = {
  id: 'identification',
  title: 'Identification',
  items: [
    field(
      'Model name',
      [fromTraining('/output/architecture'), from('*', '/tool')],
      'model developer',
      'the model has no name',
    ),
    field('Run', [fromTraining('/runId'), from('*', '/runId')], 'model developer', 'no run was given'),
    field('Recorded', [fromTraining('/createdAt'), from('*', '/createdAt')], 'model developer', 'the run has no time'),
    field('Data as of', [fromTraining('/asOf'), from('*', '/asOf')], 'model developer', 'the run has no as-of day'),
    field(
      'Model hash',
      [fromTraining('/output/artefact/sha256')],
      'model developer',
      'the run holds no fitted artefact',
    ),
    field(
      'Retrains run',
      [fromTraining('/output/lineage/previousRunId')],
      'model developer',
      'no earlier model is named',
    ),
    judgement('Developer', 'model developer', 'runs record no person'),
  ],
};

export const dataWindows: TemplateSection['items'] = [
  field(
    'Training period, from',
    [
      fromTraining('/output/validation/walkForward/0/trainFrom'),
      from('monitor_model', '/output/windows/trainFrom'),
      from('*', '/data/0/from'),
    ],
    'model developer',
    NO_TRAINING,
  ),
  field(
    'Training period, to',
    [
      fromTraining('/output/validation/walkForward/0/trainTo'),
      from('monitor_model', '/output/windows/trainTo'),
      from('*', '/data/0/to'),
    ],
    'model developer',
    NO_TRAINING,
  ),
  field(
    'Validation period, from',
    [fromTraining('/output/validation/walkForward/0/testFrom'), from('backtest_hmm', '/output/windows/testFrom')],
    'model validation',
    'no given run tests out of sample',
  ),
  field(
    'Validation period, to',
    [fromTraining('/output/validation/walkForward/{last}/testTo'), from('backtest_hmm', '/output/windows/testTo')],
    'model validation',
    'no given run tests out of sample',
  ),
];

export const outOfSample: TemplateSection['items'] = [
  field('Verdict', [fromTraining('/output/verdict/text')], 'model validation', NO_TRAINING),
  ...(
    [
      ['Information coefficient', 'informationCoefficient'],
      ['Hit rate', 'hitRate'],
      ['R² out of sample', 'rSquared'],
      ['Area under the ROC curve', 'areaUnderCurve'],
    ] as const
  ).flatMap(([label, key]) => [
    field(
      label,
      [fromTraining(`/output/algorithms/{best}/walkForward/${key}/estimate`, 'ratio')],
      'model validation',
      NO_TRAINING,
    ),
    field(
      `${label}, low`,
      [fromTraining(`/output/algorithms/{best}/walkForward/${key}/low`, 'ratio')],
      'model validation',
      NO_TRAINING,
    ),
    field(
      `${label}, high`,
      [fromTraining(`/output/algorithms/{best}/walkForward/${key}/high`, 'ratio')],
      'model validation',
      NO_TRAINING,
    ),
  ]),
];

export const significance: TemplateSection['items'] = [
  field(
    'Adjusted p of the information coefficient',
    [fromTraining('/output/algorithms/{best}/adjustedP', 'probability')],
    'model validation',
    NO_TRAINING,
  ),
  field('Number of tests', [fromTraining('/output/tests/count', 'count')], 'model validation', NO_TRAINING),
  field('Adjustment', [fromTraining('/output/tests/method')], 'model validation', NO_TRAINING),
  field(
    'Deflated Sharpe ratio',
    [
      from('validate_model', '/output/deflatedSharpe/probability', 'probability'),
      fromTraining('/output/algorithms/{best}/portfolio/deflatedSharpe', 'probability'),
    ],
    'model validation',
    NO_VALIDATION,
  ),
  field(
    'Probability of backtest overfitting',
    [from('validate_model', '/output/overfitting/probability', 'probability')],
    'model validation',
    NO_VALIDATION,
  ),
];

export const stress: TemplateSection['items'] = [
  {
    list: true,
    tool: 'validate_model',
    pointer: '/output/stress',
    labelKey: 'name',
    columns: [{ key: 'netSharpe', label: 'net Sharpe ratio', unit: 'ratio' }],
    most: 12,
  },
  field('Validation verdict', [from('validate_model', '/output/verdict')], 'model validation', NO_VALIDATION),
];

export const operations: TemplateSection['items'] = [
  field(
    'Inference latency (ms)',
    [from('monitor_model', '/output/technicalPerformance/inferenceLatencyMs')],
    'operations',
    NO_MONITORING,
  ),
  field(
    'System uptime',
    [from('monitor_model', '/output/technicalPerformance/systemUptime', 'fraction')],
    'operations',
    NO_MONITORING,
  ),
  field(
    'Resource utilization',
    [from('monitor_model', '/output/technicalPerformance/resourceUtilization', 'fraction')],
    'operations',
    NO_MONITORING,
  ),
  field(
    'Error rate',
    [from('monitor_model', '/output/technicalPerformance/errorRate', 'fraction')],
    'operations',
    NO_MONITORING,
  ),
  field(
    'Fail-over procedure',
    [from('monitor_model', '/output/alertsAndActions/systemFailures/failoverProcedure')],
    'operations',
    NO_MONITORING,
  ),
  field(
    'Backup data source',
    [from('monitor_model', '/output/alertsAndActions/systemFailures/backupSource')],
    'operations',
    NO_MONITORING,
  ),
];

export const importance: TemplateSection['items'] = [
  {
    list: true,
    tool: 'explain_model',
    pointer: '/output/features',
    labelKey: 'name',
    columns: [{ key: 'meanAbsoluteShap', label: 'mean |Shapley value|', unit: 'fraction' }],
    most: 8,
  },
  {
    list: true,
    tool: train,
    pointer: '/output/importance',
    labelKey: 'feature',
    columns: [{ key: 'share', label: 'share in the fit', unit: 'fraction' }],
    most: 8,
  },
];

export const judgements: TemplateSection[] = [
  { id: 'limitations', title: 'Limitations', items: [judgement('Known limitations', 'model owner')] },
  {
    id: 'approval',
    title: 'Approval',
    items: [
      judgement('Decision', 'approver'),
      judgement('Approved by', 'approver'),
      judgement('Conditions', 'approver'),
    ],
  },
];

export const appendix: TemplateSection[] = [
  { id: 'appendix-data', title: 'Appendix: data that were read', items: [{ appendix: 'data', most: 60 }] },
  { id: 'appendix-settings', title: 'Appendix: settings', items: [{ appendix: 'input', most: 60 }] },
  { id: 'appendix-results', title: 'Appendix: results', items: [{ appendix: 'output', most: 80 }] },
  { id: 'appendix-warnings', title: 'Appendix: warnings of the runs', items: [{ appendix: 'warnings', most: 40 }] },
];
