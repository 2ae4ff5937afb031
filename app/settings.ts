/** Every setting of Tradewind: its name in the configuration files, its environment variable, default and meaning. */

export interface Setting {
  readonly key: string;
  /** Environment variables, first one set wins. */
  readonly env: readonly string[];
  readonly type: 'text' | 'number' | 'choice';
  readonly choices?: readonly string[];
  readonly fallback: string | number | null;
  readonly secret?: boolean;
  readonly meaning: string;
}

export const settings = [
  {
    key: 'home',
    env: ['TRADEWIND_HOME'],
    type: 'text',
    fallback: null,
    meaning: 'Folder of the store; default: the data folder of the operating system',
  },
  {
    key: 'model.provider',
    env: ['TRADEWIND_PROVIDER'],
    type: 'choice',
    choices: ['auto', 'openai', 'embedded'],
    fallback: 'auto',
    meaning: 'auto: a real model where a key or base URL is set, else the embedded one',
  },
  {
    key: 'model.name',
    env: ['TRADEWIND_MODEL', 'OPENAI_MODEL'],
    type: 'text',
    fallback: 'gpt-4.1-mini',
    meaning: 'Name of the model at the endpoint',
  },
  {
    key: 'model.baseUrl',
    env: ['OPENAI_BASE_URL'],
    type: 'text',
    fallback: null,
    meaning: 'Any OpenAI-compatible endpoint, such as http://localhost:11434/v1',
  },
  {
    key: 'model.apiKey',
    env: ['OPENAI_API_KEY'],
    type: 'text',
    fallback: null,
    secret: true,
    meaning: 'Key of the endpoint',
  },
  {
    key: 'model.temperature',
    env: ['TRADEWIND_TEMPERATURE'],
    type: 'number',
    fallback: 0,
    meaning: 'Sampling temperature',
  },
  {
    key: 'model.timeoutSeconds',
    env: ['TRADEWIND_MODEL_TIMEOUT'],
    type: 'number',
    fallback: 60,
    meaning: 'How long to wait for the model before retrying',
  },
  {
    key: 'budget.maxSteps',
    env: ['TRADEWIND_MAX_STEPS'],
    type: 'number',
    fallback: 12,
    meaning: 'Model calls in one turn at most',
  },
  {
    key: 'budget.maxSeconds',
    env: ['TRADEWIND_MAX_SECONDS'],
    type: 'number',
    fallback: 300,
    meaning: 'Seconds in one turn at most',
  },
  {
    key: 'budget.maxCost',
    env: ['TRADEWIND_MAX_COST'],
    type: 'number',
    fallback: null,
    meaning: 'US dollars in one session at most; needs the two prices below',
  },
  {
    key: 'model.inputPrice',
    env: ['TRADEWIND_INPUT_PRICE'],
    type: 'number',
    fallback: null,
    meaning: 'US dollars per million input tokens',
  },
  {
    key: 'model.outputPrice',
    env: ['TRADEWIND_OUTPUT_PRICE'],
    type: 'number',
    fallback: null,
    meaning: 'US dollars per million output tokens',
  },
  {
    key: 'asOf',
    env: ['TRADEWIND_AS_OF'],
    type: 'text',
    fallback: null,
    meaning: 'Cut-off day of the session (ISO date); default: today',
  },
  {
    key: 'language',
    env: ['TRADEWIND_LANGUAGE'],
    type: 'choice',
    choices: ['auto', 'en', 'ko'],
    fallback: 'auto',
    meaning: 'Language of the answers; auto follows the question',
  },
  {
    key: 'fred.apiKey',
    env: ['FRED_API_KEY'],
    type: 'text',
    fallback: null,
    secret: true,
    meaning: 'Key for FRED; the public CSV endpoint is used without one',
  },
] as const satisfies readonly Setting[];

export type SettingKey = (typeof settings)[number]['key'];
