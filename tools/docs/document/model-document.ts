/** A model document as data: what every renderer prints and every check reads. */
import type { Unit } from '../../../lib/units.ts';

/** A value of a recorded run by JSON pointer, or the reason why there is none. */
export type FieldContent =
  | {
      readonly kind: 'value';
      readonly text: string;
      readonly raw: string | number | boolean;
      readonly runId: string;
      readonly pointer: string;
    }
  | { readonly kind: 'todo'; readonly owner: string; readonly why: string };

export interface DocumentField {
  readonly label: string;
  readonly content: FieldContent;
}

export interface DocumentSection {
  readonly id: string;
  readonly title: string;
  /** Fixed words of the template. */
  readonly notes: readonly string[];
  readonly fields: readonly DocumentField[];
  /** Text that people wrote; kept when the document is made again. */
  readonly human: string;
}

export interface DocumentRun {
  readonly runId: string;
  readonly tool: string;
  readonly asOf: string;
  readonly createdAt: string;
  readonly synthetic: boolean;
}

export interface ModelDocument {
  readonly template: string;
  readonly title: string;
  readonly runs: readonly DocumentRun[];
  /** YAML between `---` lines, where the template has any. */
  readonly frontMatter: string | null;
  readonly sections: readonly DocumentSection[];
}

/** Where a field's value may come from; the first source that a given run holds is taken. */
export interface FieldSource {
  /** Tool of the run; `*` for any. */
  readonly tool: string;
  /** JSON pointer into the record (`/output/data/rows`, `/input/symbols`, `/createdAt`); `{best}` is the chosen algorithm's position, `{last}` the last of a list. */
  readonly pointer: string;
  readonly unit?: Unit;
}

export interface TemplateField {
  readonly label: string;
  readonly sources: readonly FieldSource[];
  readonly todo: { readonly owner: string; readonly why: string };
}

/** Rows of a list in a run, one field for each row. */
export interface TemplateList {
  readonly list: true;
  readonly tool: string;
  readonly pointer: string;
  /** Key of each row that names it. */
  readonly labelKey: string;
  readonly columns: readonly { readonly key: string; readonly label: string; readonly unit?: Unit }[];
  readonly most: number;
}

/** Everything that each run holds, for models that no template names: data, settings, results, warnings. */
export interface TemplateAppendix {
  readonly appendix: 'data' | 'input' | 'output' | 'warnings';
  readonly most: number;
}

export type TemplateItem = TemplateField | TemplateList | TemplateAppendix;

export interface TemplateSection {
  readonly id: string;
  readonly title: string;
  readonly notes?: readonly string[];
  readonly items: readonly TemplateItem[];
}

export interface DocumentTemplate {
  readonly id: string;
  readonly title: string;
  readonly frontMatter?: 'hugging-face';
  readonly sections: readonly TemplateSection[];
}
