/** What the build writes into the bundle; in a source run the version is unknown and stored runs are never reused. */
declare const __TRADEWIND_VERSION__: string | undefined;
declare const __TRADEWIND_CODE_HASH__: string | undefined;

export const version = typeof __TRADEWIND_VERSION__ === 'string' ? __TRADEWIND_VERSION__ : '0.0.0-source';
export const codeHash = typeof __TRADEWIND_CODE_HASH__ === 'string' ? __TRADEWIND_CODE_HASH__ : `source-${process.pid}`;
