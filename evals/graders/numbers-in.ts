/** The numbers printed in a text, with the size of their last digit. */

export interface PrintedNumber {
  readonly text: string;
  /** As printed: 3.2% is 3.2. */
  readonly value: number;
  /** 3.2% as 0.032; null where there is no percent sign. */
  readonly asFraction: number | null;
  /** One unit of the last printed digit. */
  readonly step: number;
}

const pattern = /(?:[-−+][$₩€£¥]?)?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[-+]?\d+)?)/gi;

export function numbersIn(text: string): readonly PrintedNumber[] {
  return [...text.matchAll(pattern)].map((match) => {
    const printed = match[0].replace(/[,$₩€£¥]/g, '').replace('−', '-');
    const decimals = /\.(\d+)/.exec(printed)?.[1]?.length ?? 0;
    const after = text.slice((match.index ?? 0) + match[0].length);
    const value = Number(printed);
    return {
      text: match[0],
      value,
      asFraction: /^\s?(%(?!p)|퍼센트(?!포인트)|percent\b)/.test(after) ? value / 100 : null,
      step: 10 ** -decimals,
    };
  });
}
