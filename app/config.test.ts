import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type ConfigSources, loadConfig, userConfigFolder } from './config.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function sources(files: { project?: string; user?: string } = {}, rest: Partial<ConfigSources> = {}): ConfigSources {
  const make = (name: string, text: string | undefined) => {
    const folder = mkdtempSync(join(tmpdir(), 'tradewind-config-'));
    folders.push(folder);
    if (text !== undefined) writeFileSync(join(folder, name), text);
    return folder;
  };
  return {
    flags: {},
    environment: {},
    projectFolder: make('tradewind.yaml', files.project),
    userFolder: make('config.yaml', files.user),
    ...rest,
  };
}

describe('loadConfig', () => {
  it('takes flag, environment, project, user and default in this order, and says which', () => {
    const files = { project: 'model:\n  name: from-project\n', user: 'model:\n  name: from-user\nlanguage: ko\n' };
    const origin = (config: ReturnType<typeof loadConfig>) => {
      const entry = config.entries.find(({ key }) => key === 'model.name');
      return [entry?.value, entry?.origin];
    };
    const all = { flags: { 'model.name': 'from-flag' }, environment: { OPENAI_MODEL: 'from-env' } };
    expect(origin(loadConfig(sources(files, all)))).toEqual(['from-flag', 'flag']);
    expect(origin(loadConfig(sources(files, { environment: all.environment })))).toEqual(['from-env', 'environment']);
    expect(origin(loadConfig(sources(files)))).toEqual(['from-project', 'project']);
    expect(origin(loadConfig(sources({ user: files.user })))).toEqual(['from-user', 'user']);
    expect(origin(loadConfig(sources()))).toEqual(['gpt-4.1-mini', 'default']);
    expect(loadConfig(sources(files)).text('language')).toBe('ko');
  });

  it('ignores empty variables and reads numbers', () => {
    const config = loadConfig(sources({}, { environment: { OPENAI_BASE_URL: '', TRADEWIND_MAX_STEPS: '5' } }));
    expect(config.text('model.baseUrl')).toBeNull();
    expect(config.number('budget.maxSteps')).toBe(5);
  });

  it('explains mistakes, and never repeats a secret', () => {
    expect(() => loadConfig(sources({ project: 'modle:\n  name: x\n' }))).toThrow(/modle\.name, which does not exist/);
    expect(() => loadConfig(sources({ project: 'a: [' }))).toThrow(/not valid YAML/);
    expect(() => loadConfig(sources({}, { environment: { TRADEWIND_MAX_STEPS: 'many' } }))).toThrow(/must be a number/);
    expect(() => loadConfig(sources({}, { environment: { TRADEWIND_LANGUAGE: 'fr' } }))).toThrow(/one of auto, en, ko/);
  });
});

describe('userConfigFolder', () => {
  it('follows the conventions of the system', () => {
    expect(userConfigFolder({}, 'linux', '/h')).toBe(join('/h', '.config', 'tradewind'));
    expect(userConfigFolder({ XDG_CONFIG_HOME: '/x' }, 'linux', '/h')).toBe(join('/x', 'tradewind'));
    expect(userConfigFolder({ APPDATA: '/a' }, 'win32', '/h')).toBe(join('/a', 'tradewind'));
  });
});
