/** Words that follow the evidence. */

export type VerdictLevel = 'no-skill-detectable' | 'weak-evidence' | 'skill-out-of-sample';

export interface Verdict {
  readonly level: VerdictLevel;
  readonly text: string;
}

/**
 * No word of skill unless the walk-forward information coefficient survives Holm's adjustment over all tests made; no word of
 * use unless the deflated Sharpe ratio after costs is above 95% too.
 */
export function judgeEvidence(parts: {
  readonly adjustedP: number | null;
  readonly deflatedSharpe: number | null;
  readonly netSharpe: number | null;
  readonly tests: number;
}): Verdict {
  const { adjustedP, deflatedSharpe, netSharpe } = parts;
  if (adjustedP === null || adjustedP >= 0.05) {
    return {
      level: 'no-skill-detectable',
      text: 'No skill detectable: out of sample, and after adjusting for the number of tests, these predictions cannot be told from noise.',
    };
  }
  if (deflatedSharpe === null || deflatedSharpe < 0.95 || netSharpe === null || netSharpe <= 0) {
    return {
      level: 'weak-evidence',
      text: 'Weak evidence: predictions and outcomes are related out of sample, but trading on them one bar later and after costs is not distinguishable from luck.',
    };
  }
  return {
    level: 'skill-out-of-sample',
    text: 'Skill out of sample in these data: the relation survives the adjustment for the number of tests, and the walk-forward portfolio after costs is unlikely to be luck. It still needs stress and validation runs before any use.',
  };
}
