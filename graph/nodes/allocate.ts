/** The collective's second half: what each strategy agent brought is turned into weights by the risk budgeter, and attributed. */
import type { DeskParts, RuntimeOf } from '../desk-parts.ts';
import { loadResults, nextHandleNumber } from '../results.ts';
import type { DeskState, DeskUpdate, HandleEntry } from '../state.ts';
import { type Premium, premiumOf } from './read-premium.ts';

/** Stated in the answer: the strategies have no common history from which to measure it. */
const ASSUMED_CORRELATION = 0.2;

export function createAllocate(parts: DeskParts, runtimeOf: RuntimeOf) {
  return async (state: DeskState, sessionId: string): Promise<DeskUpdate> => {
    const runtime = runtimeOf(sessionId);
    const mine = state.handles.filter((entry) => entry.turn === state.input?.turn);
    const results = await loadResults(mine, parts);
    const premia = state.gathered.flatMap((work) => {
      const own = work.results.flatMap(({ handle }) => {
        const result = results.get(handle);
        return result === undefined ? [] : [{ handle, envelope: result.envelope }];
      });
      return premiumOf(work.persona, own) ?? [];
    });
    const synthetic = [...results.values()].some(({ envelope }) => envelope.data.some((entry) => entry.synthetic));
    const korean = state.input?.language === 'ko';
    const funded = premia.filter((premium) => premium.expectedReturn > 0);
    const left = leftOut(state, premia, korean);
    if (funded.length === 0) {
      return {
        draft: joined(
          state.draft,
          korean
            ? '배분할 프리미엄이 없습니다: 기대수익이 양수인 전략이 없습니다.'
            : 'Nothing is allocated: no strategy has a positive expected return, so the book stays in cash.',
          left,
        ),
      };
    }
    const input = {
      strategies: funded.map(({ strategy, expectedReturn, volatility }) => ({ strategy, expectedReturn, volatility })),
      assumedCorrelation: ASSUMED_CORRELATION,
    };
    const callId = 'allocate';
    runtime.emit({ type: 'tool-started', callId, tool: 'allocate_risk_budget', input, persona: 'risk_budgeter' });
    const envelope = await parts.runner.run('allocate_risk_budget', input, {
      asOf: state.input?.asOf ?? parts.asOf,
      signal: runtime.signal,
      fresh: runtime.fresh,
    });
    const handle = `r${nextHandleNumber(state.handles)}`;
    const failed = envelope.ok ? null : `${envelope.error.message} ${envelope.error.hint}`;
    runtime.emit({
      type: 'tool-finished',
      callId,
      tool: 'allocate_risk_budget',
      ok: envelope.ok,
      runId: envelope.ok ? envelope.runId : null,
      handle: envelope.ok ? handle : null,
      error: failed,
    });
    if (!envelope.ok) {
      const failure = {
        code: envelope.error.code,
        message: envelope.error.message,
        hint: envelope.error.hint,
        part: 'risk_budgeter',
      };
      return { draft: joined(state.draft, left), failures: [...state.failures, failure] };
    }
    const entry: HandleEntry = {
      handle,
      tool: 'allocate_risk_budget',
      runId: envelope.runId,
      asOf: envelope.asOf,
      turn: state.input?.turn ?? 0,
      persona: 'risk_budgeter',
      input: envelope.input,
      envelope: null,
    };
    return {
      handles: [entry],
      draft: joined(synthetic ? syntheticNote(korean) : '', attribution(handle, funded, korean), left, state.draft),
    };
  };
}

function attribution(handle: string, funded: readonly Premium[], korean: boolean): string {
  const sources = funded
    .map(
      (premium) =>
        `${premium.strategy} {{${premium.handle}.${premium.returnPath}}} / {{${premium.volatilityHandle}.${premium.volatilityPath}}} (${premium.handle}, ${premium.signals})`,
    )
    .join('; ');
  const target = `{{${handle}.target_volatility}}`;
  if (korean) {
    return joined(
      `**리스크 예산.** 기대수익 {{${handle}.expected_return}}, 변동성 {{${handle}.expected_volatility}} (목표 변동성 ${target}; 목표일 뿐 약속이 아닙니다), 현금 {{${handle}.cash}}.`,
      `{{table ${handle}.allocation}}`,
      `95% VaR {{${handle}.var_95}}, CVaR {{${handle}.cvar_95}}, 최대 낙폭 {{${handle}.max_drawdown}} ({{${handle}.paths}}개 경로). 목표에 필요한 레버리지 {{${handle}.leverage_for_target}}는 쓰지 않습니다.`,
      `전략별 기대수익/변동성의 출처: ${sources}. 공통 이력이 없어 상관계수는 {{${handle}.input.assumedCorrelation}}로 가정했습니다.`,
    );
  }
  return joined(
    `**Risk budget.** Expected return {{${handle}.expected_return}} at volatility {{${handle}.expected_volatility}} against a target volatility of ${target} (a target for the optimiser, never a promise); {{${handle}.cash}} stays in cash.`,
    `{{table ${handle}.allocation}}`,
    `From {{${handle}.paths}} paths: 95% VaR {{${handle}.var_95}}, CVaR {{${handle}.cvar_95}}, maximum drawdown {{${handle}.max_drawdown}}. The leverage that the target would need ({{${handle}.leverage_for_target}}) is reported, not taken.`,
    `Return / volatility by premium: ${sources}. The strategies share no history here, so a correlation of {{${handle}.input.assumedCorrelation}} between all of them is assumed.`,
  );
}

/** Strategies that brought nothing that can be allocated, each by name and with the reason. */
function leftOut(state: DeskState, premia: readonly Premium[], korean: boolean): string {
  const lines = state.gathered
    .filter((work) => !premia.some((premium) => premium.strategy === work.persona && premium.expectedReturn > 0))
    .map((work) => {
      const found = premia.find((premium) => premium.strategy === work.persona);
      const error = work.calls.find((one) => one.error !== undefined)?.error ?? work.failures[0]?.message;
      const why =
        found !== undefined
          ? korean
            ? '기대수익이 양수가 아님'
            : 'its expected return is not positive'
          : (error ?? (korean ? '수익과 변동성 추정이 없음' : 'it gave no return and volatility to allocate on'));
      return `- ${work.persona}: ${why}`;
    });
  return lines.length === 0 ? '' : `${korean ? '제외' : 'Left out'}:\n${lines.join('\n')}`;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

function syntheticNote(korean: boolean): string {
  return korean
    ? '**합성 데모 시장의 결과입니다.** 실제 선물환, 옵션, 페어 이력은 여기에 없습니다. `data import`나 `data fetch`로 가져오세요.'
    : '**This is the synthetic demo market.** Real forwards, chains and pair histories are not held here; `data import` and `data fetch` bring them.';
}
