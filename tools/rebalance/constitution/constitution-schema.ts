/** What a constitution may say: six articles, each with its limits. Unknown keys are refused, so that a typing error cannot switch a limit off. */
import { z } from 'zod';
import { units } from '../../../lib/units.ts';

const share = (description: string) => units.fraction(description).min(0).max(1);

export const constitutionSchema = z.strictObject({
  version: z.literal(1),
  articles: z.strictObject({
    approval: z.strictObject({ personApproves: z.boolean() }),
    leverage: z.strictObject({ maximumGrossExposure: units.ratio('most that may be invested').min(0).max(10) }),
    cash: z.strictObject({ floor: share('least cash') }),
    concentration: z.strictObject({
      singlePosition: share('largest single name'),
      sectors: z.record(z.string().min(1).max(60), share('largest weight of the sector')),
      otherSector: share('largest weight of a sector without a line of its own'),
    }),
    trading: z.strictObject({
      band: share('deviation above which a class is rebalanced'),
      urgentBand: share('deviation above which it is urgent'),
      minimumTrade: units.money('trades of this amount or less are not made').min(0),
      maximumTurnover: share('most that one rebalancing may turn over, one way'),
      maximumCost: share('most that one rebalancing may cost'),
    }),
    drawdown: z.strictObject({ brake: share('fall from the peak that stops additions to stocks') }),
  }),
});

export type Constitution = z.output<typeof constitutionSchema>;

/** The articles in the order of the file; the numbers are how people cite them. */
export const articles = {
  approval: { number: 1, title: 'Approval by a person', titleKo: '사람의 승인' },
  leverage: { number: 2, title: 'Leverage', titleKo: '레버리지' },
  cash: { number: 3, title: 'Cash floor', titleKo: '현금 하한' },
  concentration: { number: 4, title: 'Position and sector limits', titleKo: '종목·섹터 한도' },
  trading: { number: 5, title: 'Turnover and cost', titleKo: '회전율과 비용' },
  drawdown: { number: 6, title: 'Drawdown brake', titleKo: '낙폭 제동' },
} as const;

export type ArticleName = keyof typeof articles;
