/** `SYMBOL|Name|Sector|aliases, comma-separated|Yahoo code where it differs`. Names and sectors only, never prices. */
import type { DirectoryBlock } from './directory-block.ts';
import { fundsAndIndices } from './funds-and-indices.ts';
import { globalEquities } from './global-equities.ts';
import { usEquities } from './us-equities.ts';

export const entries: readonly DirectoryBlock[] = [...fundsAndIndices, ...usEquities, ...globalEquities];
