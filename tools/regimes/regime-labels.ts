/** Names of regimes in ascending order of mean return, the same number of names as states. */
const names: Readonly<Record<number, readonly string[]>> = {
  1: ['single'],
  2: ['bear', 'bull'],
  3: ['bear', 'neutral', 'bull'],
  4: ['bear', 'weak', 'firm', 'bull'],
  5: ['bear', 'weak', 'neutral', 'firm', 'bull'],
};

export function regimeLabels(states: number): readonly string[] {
  const known = names[states];
  if (known) return known;
  const inner = Array.from({ length: states - 2 }, (_, i) => `middle-${i + 1}`);
  return ['bear', ...inner, 'bull'];
}
