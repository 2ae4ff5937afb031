/** Every document template by name. */
import type { DocumentTemplate } from '../document/model-document.ts';
import { datasheet } from './datasheet.ts';
import { featurePipeline } from './feature-pipeline.ts';
import { modelCard } from './model-card.ts';
import { modelDevelopment } from './model-development.ts';
import { monitoringDashboard } from './monitoring-dashboard.ts';
import { sr262 } from './sr26-2.ts';

export const templateNames = [
  'model-development',
  'feature-pipeline',
  'monitoring-dashboard',
  'sr26-2',
  'sr11-7',
  'model-card',
  'datasheet',
] as const;

const templates: readonly DocumentTemplate[] = [
  modelDevelopment,
  featurePipeline,
  monitoringDashboard,
  sr262,
  modelCard,
  datasheet,
];

/** `sr11-7` is an alias: the guidance was replaced, the document says so. */
export function findTemplate(name: string): DocumentTemplate | undefined {
  const wanted = name === 'sr11-7' ? 'sr26-2' : name;
  return templates.find((template) => template.id === wanted);
}
