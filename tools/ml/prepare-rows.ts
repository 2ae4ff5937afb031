/** From loaded prices to the table that models are fitted on. */
import { invalidInput, notEnoughData } from '../../lib/errors.ts';
import { buildFeatureTable, type FeatureTable } from '../kernels/ml/feature-table.ts';
import { completeRows, labelledDays, type ModelRows } from '../kernels/ml/model-rows.ts';
import { returnTarget } from '../kernels/ml/return-target.ts';
import type { ModelData, TableRecipe } from './model-recipe.ts';

export interface PreparedRows {
  readonly table: FeatureTable;
  readonly rows: ModelRows;
}

const LEAST_DAYS = 120;

export function prepareRows(data: ModelData, recipe: Omit<TableRecipe, 'symbols'>): PreparedRows {
  if (recipe.context.length > 0 && !recipe.features.includes('macro')) {
    throw invalidInput({
      what: '`features`',
      needed: 'to hold "macro" where `context` names series',
      got: recipe.features.join(', '),
      hint: 'Add "macro" to `features`, or leave `context` out.',
    });
  }
  const table = buildFeatureTable(data.instruments, data.context, {
    categories: recipe.features,
    fractionalOrder: recipe.fractionalOrder,
  });
  if (table.features.length === 0) {
    throw invalidInput({
      what: '`features`',
      needed: 'at least one group that these data can fill',
      got: recipe.features.join(', '),
      hint: 'Cross-asset features need three instruments; macro features need `context`.',
    });
  }
  const rows = completeRows(
    table,
    returnTarget(table, data.instruments, recipe.horizonDays, recipe.target),
    recipe.horizonDays,
  );
  const days = labelledDays(rows);
  if (days < LEAST_DAYS) {
    throw notEnoughData({
      what: 'A return model (days with every feature and a finished label)',
      needed: LEAST_DAYS,
      got: days,
      hint: 'Choose a longer window or fewer feature groups (momentum needs 253 days of history).',
    });
  }
  return { table, rows };
}
