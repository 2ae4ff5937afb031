import type { DocumentTemplate } from '../document/model-document.ts';
import { appendix, field, from, judgement, judgements } from './template-parts.ts';

const data = (label: string, pointer: string) =>
  field(label, [from('*', pointer)], 'data owner', 'no given run read any data');

/** Gebru et al. (2021), Datasheets for Datasets, for the data that the runs read. */
export const datasheet: DocumentTemplate = {
  id: 'datasheet',
  title: 'Datasheet',
  sections: [
    {
      id: 'motivation',
      title: 'Motivation',
      items: [
        judgement('Why the data were brought together', 'data owner'),
        judgement('Who paid for it', 'data owner'),
      ],
    },
    {
      id: 'composition',
      title: 'Composition',
      items: [
        data('Source', '/data/0/source'),
        data('Symbols', '/data/0/symbols'),
        data('From', '/data/0/from'),
        data('To', '/data/0/to'),
        data('Rows', '/data/0/rows'),
        data('Synthetic', '/data/0/synthetic'),
        data('Hash of the rows', '/data/0/hash'),
      ],
    },
    {
      id: 'collection',
      title: 'Collection',
      items: [data('Retrieved', '/data/0/retrievedAt'), judgement('How it was collected', 'data owner')],
    },
    {
      id: 'processing',
      title: 'Processing',
      items: [
        field(
          'Calculation',
          [from('build_features', '/output/pipeline/calculationMethod')],
          'data owner',
          'no run of build_features was given',
        ),
        judgement('Cleaning', 'data owner'),
      ],
    },
    {
      id: 'uses',
      title: 'Uses',
      items: [judgement('Uses so far', 'data owner'), judgement('Uses to avoid', 'data owner')],
    },
    { id: 'distribution', title: 'Distribution', items: [judgement('Licence and terms', 'compliance')] },
    {
      id: 'maintenance',
      title: 'Maintenance',
      items: [judgement('Who maintains it', 'data owner'), judgement('How errors are corrected', 'data owner')],
    },
    ...judgements,
    ...appendix,
  ],
};
