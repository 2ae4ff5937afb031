import type { Language } from '../lib/format.ts';

/** Korean when Hangul carries the sentence: tickers and English terms inside a Korean question do not count against it. */
export function languageOf(text: string, setting: 'auto' | 'en' | 'ko' = 'auto'): Language {
  if (setting !== 'auto') return setting;
  const hangul = text.match(/[\uac00-\ud7a3\u3131-\u318e]/g)?.length ?? 0;
  return hangul >= 2 || hangul / Math.max(1, text.replace(/\s/g, '').length) > 0.2 ? 'ko' : 'en';
}
