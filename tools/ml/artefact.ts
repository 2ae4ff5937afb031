/** A fitted model as text: what the registry keeps and hashes. */
import { canonicalJson, sha256 } from '../../lib/canonical-json.ts';
import type { FittedReturnModel } from '../kernels/ml/return-models.ts';

export const ARTEFACT_FORMAT = 'tradewind-return-model/1 (canonical JSON)';

export interface Artefact {
  readonly text: string;
  readonly sha256: string;
  readonly bytes: number;
}

export function toArtefact(fitted: FittedReturnModel, features: readonly string[]): Artefact {
  const text = canonicalJson({ format: ARTEFACT_FORMAT, features, fitted });
  return { text, sha256: sha256(text), bytes: Buffer.byteLength(text) };
}
