/** Lines of the directory of names that share a class and a currency. */
import type { AssetClass } from '../types.ts';

export interface DirectoryBlock {
  readonly assetClass: AssetClass;
  readonly currency: string;
  readonly lines: string;
}
