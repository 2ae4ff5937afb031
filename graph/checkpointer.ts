/** SQLite by default, beside the store: a killed process finds its sessions where they stood. */
import { MemorySaver } from '@langchain/langgraph';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';

export async function openCheckpointer(
  file: string,
  warn: (message: string) => void = () => undefined,
): Promise<BaseCheckpointSaver> {
  try {
    const { SqliteSaver } = await import('@langchain/langgraph-checkpoint-sqlite');
    return SqliteSaver.fromConnString(file);
  } catch (error) {
    warn(
      `Sessions are not saved: ${error instanceof Error ? error.message.split('\n')[0] : 'SQLite could not be loaded'}.`,
    );
    return new MemorySaver();
  }
}
