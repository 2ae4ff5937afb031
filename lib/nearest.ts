/** Which of the known words a mistyped one was probably meant to be. */

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours (Damerau, 1964). */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  let beforeLast = new Uint16Array(width);
  let last = Uint16Array.from({ length: width }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = new Uint16Array(width);
    current[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      current[j] = best;
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** The closest known words, best first; none when nothing is closer than about a third of the word. */
export function nearest(word: string, known: readonly string[], limit = 3): readonly string[] {
  const target = word.toLowerCase();
  const tolerance = Math.max(1, Math.floor(target.length / 3));
  return known
    .map((candidate) => ({ candidate, distance: editDistance(target, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= tolerance)
    .sort((x, y) => x.distance - y.distance || (x.candidate < y.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}
