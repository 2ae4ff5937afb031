/** What the exit status of a command means; listed in `tradewind --help` and docs/cli.md. */
export const exitCodes = {
  ok: 0,
  fault: 1,
  badInput: 2,
  needsClarification: 3,
  needsApproval: 4,
  budget: 5,
  urgent: 6,
  interrupted: 130,
} as const;
