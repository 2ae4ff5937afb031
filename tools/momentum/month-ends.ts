/** Rows on which a month ends: the last row of each month, the newest row standing for the month that runs. */
export function monthEndRows(times: Float64Array): Int32Array {
  const month = (time: number): number => {
    const day = new Date(time);
    return day.getUTCFullYear() * 12 + day.getUTCMonth();
  };
  const out: number[] = [];
  for (let t = 0; t < times.length; t++) {
    const next = times[t + 1];
    if (next === undefined || month(next) !== month(times[t] as number)) out.push(t);
  }
  return Int32Array.from(out);
}
