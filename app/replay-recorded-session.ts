/** A recorded session once more, from the same parts and without a network: does it still say the same? */
import { createDesk } from '../graph/desk.ts';
import { type ReplayReport, replaySession } from '../graph/replay.ts';
import type { App } from './create-app.ts';
import { deskParts } from './open-desk.ts';

export async function replayRecordedSession(app: App, session: string, now: () => Date): Promise<ReplayReport> {
  const { config, home, asOf, runner, runs, portsAt } = app;
  const parts = await deskParts({ config, home, asOf, runner, runs, portsAt, now, notify: () => undefined });
  return replaySession(createDesk(parts), parts, session);
}
