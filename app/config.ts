/** Configuration with its origin: flag > environment > project file > user file > default. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { invalidInput, TradewindError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { type Setting, type SettingKey, settings } from './settings.ts';

export type ConfigOrigin = 'flag' | 'environment' | 'project' | 'user' | 'default';

export interface ConfigEntry {
  readonly key: SettingKey;
  readonly value: string | number | null;
  readonly origin: ConfigOrigin;
  /** The variable or file that it came from. */
  readonly from: string;
  readonly secret: boolean;
}

export interface Config {
  readonly entries: readonly ConfigEntry[];
  text(key: SettingKey): string | null;
  number(key: SettingKey): number | null;
}

export interface ConfigSources {
  readonly flags: Partial<Record<SettingKey, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder in which `tradewind.yaml` is looked for. */
  readonly projectFolder: string;
  /** Folder that holds the user's `config.yaml`. */
  readonly userFolder: string;
}

/** The user's configuration folder by the conventions of the system. */
export function userConfigFolder(
  environment: ConfigSources['environment'],
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'win32') return join(environment['APPDATA'] || join(home, 'AppData', 'Roaming'), 'tradewind');
  return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'tradewind');
}

/** `auto` means a real model where a key or an endpoint is set, else the embedded one. */
export function wantsRealModel(config: Config): boolean {
  const provider = config.text('model.provider');
  if (provider !== 'auto') return provider === 'openai';
  return config.text('model.apiKey') !== null || config.text('model.baseUrl') !== null;
}

export function loadConfig(sources: ConfigSources): Config {
  const projectFile = join(sources.projectFolder, 'tradewind.yaml');
  const userFile = join(sources.userFolder, 'config.yaml');
  const project = readSettings(projectFile);
  const user = readSettings(userFile);
  const entries = settings.map((setting: Setting): ConfigEntry => {
    const key = setting.key as SettingKey;
    const variable = setting.env.find((name) => (sources.environment[name] ?? '') !== '');
    const candidates: readonly [ConfigOrigin, string, unknown][] = [
      ['flag', `--${key}`, sources.flags[key]],
      ['environment', variable ?? '', variable === undefined ? undefined : sources.environment[variable]],
      ['project', projectFile, project.get(key)],
      ['user', userFile, user.get(key)],
    ];
    const found = candidates.find(([, , value]) => value !== undefined && value !== null);
    const [origin, from, raw] = found ?? ['default', 'default', setting.fallback];
    return {
      key,
      value: readValue(setting, raw, from),
      origin: origin as ConfigOrigin,
      from: String(from),
      secret: setting.secret === true,
    };
  });
  const settingValue = (key: SettingKey) => entries.find((entry) => entry.key === key)?.value ?? null;
  return {
    entries,
    text: (key) => {
      const value = settingValue(key);
      return value === null ? null : String(value);
    },
    number: (key) => {
      const value = settingValue(key);
      return typeof value === 'number' ? value : null;
    },
  };
}

function readValue(setting: Setting, raw: unknown, from: string): string | number | null {
  if (raw === null || raw === undefined) return null;
  // A secret is never repeated in an error.
  const got = setting.secret ? 'something else' : JSON.stringify(raw);
  if (setting.type === 'number') {
    const value = typeof raw === 'number' ? raw : Number(String(raw).trim());
    if (!Number.isFinite(value))
      throw invalidInput({ what: `Setting ${setting.key} (${from})`, needed: 'a number', got });
    return value;
  }
  if (setting.choices && !setting.choices.includes(String(raw))) {
    throw invalidInput({
      what: `Setting ${setting.key} (${from})`,
      needed: `one of ${setting.choices.join(', ')}`,
      got,
    });
  }
  return String(raw);
}

/** The settings of a YAML file, nested keys joined by dots; unknown ones are an error that suggests. */
function readSettings(file: string): ReadonlyMap<string, unknown> {
  if (!existsSync(file)) return new Map();
  let parsed: unknown;
  try {
    parsed = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new TradewindError({
      code: 'INVALID_CONFIG',
      kind: 'input',
      message: `${file} is not valid YAML: ${error instanceof Error ? error.message.split('\n')[0] : ''}`,
      hint: 'Correct the file, or move it away to use the defaults.',
    });
  }
  const flat = new Map<string, unknown>();
  flatten(parsed, '', flat);
  const known: readonly string[] = settings.map((setting) => setting.key);
  for (const key of flat.keys()) {
    if (known.includes(key)) continue;
    const close = nearest(key, known, 1)[0];
    throw new TradewindError({
      code: 'INVALID_CONFIG',
      kind: 'input',
      message: `${file} has the setting ${key}, which does not exist.`,
      hint: close === undefined ? `Settings: ${known.join(', ')}.` : `Did you mean ${close}?`,
    });
  }
  return flat;
}

function flatten(value: unknown, prefix: string, into: Map<string, unknown>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into);
  } else if (prefix !== '') into.set(prefix, value);
}
