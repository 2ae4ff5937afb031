/** Which payoff a question about an option names. What is not vanilla is never priced as vanilla. */

export interface PayoffWords {
  /** Fields of `price_option`; empty for a vanilla option. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** A field that the payoff needs and the question does not give. */
  readonly missing: 'barrier' | null;
  /** The name of a payoff that no tool prices. */
  readonly unknown: string | null;
}

const unpriced = /lookback|cliquet|chooser|quanto|compound option|swing option|autocall|룩백|클리켓|오토콜/i;

/** `down-and-out`, `up & in`, `knock-out at 90`: the side is read, or follows from barrier and spot. */
function barrierFields(lower: string, spot: number | undefined): PayoffWords {
  const level =
    /(?:barrier|knock[- ]?(?:out|in)|배리어|낙(?:아웃|인))(?:\s*(?:level|price|at|of|is|=|:|가격))*\s*\$?(\d+(?:\.\d+)?)/.exec(
      lower,
    )?.[1];
  if (level === undefined) return { fields: {}, missing: 'barrier', unknown: null };
  const barrier = Number(level);
  const up = /\bup\b|상승/.test(lower) || (!/\bdown\b|하락/.test(lower) && spot !== undefined && barrier > spot);
  const inward =
    /\bin\b(?!\s+(?:the|my|a)\b)|knock[- ]?in|낙인/.test(lower) && !/\bout\b|knock[- ]?out|낙아웃/.test(lower);
  return {
    fields: { payoff: 'barrier', barrier, barrierType: `${up ? 'up' : 'down'}${inward ? 'In' : 'Out'}` },
    missing: null,
    unknown: null,
  };
}

export function readPayoff(lower: string, spot: number | undefined): PayoffWords {
  const unknown = unpriced.exec(lower)?.[0] ?? null;
  if (unknown !== null) return { fields: {}, missing: null, unknown };
  if (/digital|binary|(?:cash|asset)[- ]or[- ]nothing|디지털|바이너리/.test(lower)) {
    return {
      fields: { payoff: 'digital', digitalPays: /asset[- ]or[- ]nothing/.test(lower) ? 'asset' : 'cash' },
      missing: null,
      unknown: null,
    };
  }
  if (/barrier|knock[- ]?(?:out|in)|(?:down|up)[- ](?:and|&)[- ](?:out|in)|배리어|낙아웃|낙인/.test(lower))
    return barrierFields(lower, spot);
  if (/\basian\b|average[- ](?:price|rate)|아시안/.test(lower)) {
    return {
      fields: { payoff: 'asian', averaging: /geometric|기하/.test(lower) ? 'geometric' : 'arithmetic' },
      missing: null,
      unknown: null,
    };
  }
  return { fields: {}, missing: null, unknown: null };
}
