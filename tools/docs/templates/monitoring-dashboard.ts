import type { Unit } from '../../../lib/units.ts';
import type { DocumentTemplate } from '../document/model-document.ts';
import { appendix, field, from, judgement, judgements, operations } from './template-parts.ts';

const MISSING = 'no run of monitor_model was given, or it does not hold this';
const watch = (label: string, pointer: string, unit?: Unit, owner = 'model owner') =>
  field(label, [from('monitor_model', `/output/${pointer}`, unit)], owner, MISSING);

/** The seed's monitoring dashboard, every field of it. */
export const monitoringDashboard: DocumentTemplate = {
  id: 'monitoring-dashboard',
  title: 'Model monitoring dashboard',
  sections: [
    {
      id: 'window',
      title: 'Window',
      items: [
        watch('Model run', 'modelRunId'),
        watch('Training period, from', 'windows/trainFrom'),
        watch('Training period, to', 'windows/trainTo'),
        watch('Validation period, from', 'windows/testFrom'),
        watch('Validation period, to', 'windows/testTo'),
        watch('Status', 'status'),
      ],
    },
    {
      id: 'model-performance',
      title: 'Model performance monitoring',
      items: [
        watch(
          'Prediction accuracy: information coefficient',
          'modelPerformance/predictionAccuracy/informationCoefficient/estimate',
          'ratio',
        ),
        watch('Prediction accuracy: hit rate', 'modelPerformance/predictionAccuracy/hitRate', 'fraction'),
        watch(
          'Prediction accuracy: calibration slope',
          'modelPerformance/predictionAccuracy/calibrationSlope',
          'ratio',
        ),
        watch('Feature drift: features in alarm', 'modelPerformance/featureDrift/alarms', 'count'),
        {
          list: true,
          tool: 'monitor_model',
          pointer: '/output/modelPerformance/featureDrift/features',
          labelKey: 'name',
          columns: [{ key: 'psi', label: 'PSI', unit: 'ratio' }],
          most: 60,
        },
        watch('Model drift: stability of predictions', 'modelPerformance/modelDrift/predictionPsi', 'ratio'),
        watch('Model drift: fall of the information coefficient', 'modelPerformance/modelDrift/change', 'ratio'),
        watch('Data quality: missing', 'modelPerformance/dataQuality/missingShare', 'fraction'),
        watch('Data quality: outliers', 'modelPerformance/dataQuality/outlierShare', 'fraction'),
        watch('Data quality: timeliness', 'modelPerformance/dataQuality/timeliness'),
      ],
    },
    {
      id: 'business-impact',
      title: 'Business impact metrics',
      items: [
        watch('P&L attribution: gross', 'businessImpact/tradingPnlAttribution/grossReturn', 'fraction'),
        watch('P&L attribution: costs', 'businessImpact/tradingPnlAttribution/costs', 'fraction'),
        watch('P&L attribution: net', 'businessImpact/tradingPnlAttribution/netReturn', 'fraction'),
        {
          list: true,
          tool: 'monitor_model',
          pointer: '/output/businessImpact/tradingPnlAttribution/byInstrument',
          labelKey: 'symbol',
          columns: [{ key: 'part', label: 'part of the gross return', unit: 'fraction' }],
          most: 20,
        },
        watch('Sharpe ratio', 'businessImpact/riskAdjustedPerformance/sharpe', 'ratio'),
        watch('Information ratio', 'businessImpact/riskAdjustedPerformance/informationRatio', 'ratio'),
        watch('Transaction costs', 'businessImpact/implementationCosts/transactionCosts', 'fraction'),
        watch('Market impact', 'businessImpact/implementationCosts/marketImpact', 'fraction'),
        watch('Capacity', 'businessImpact/capacityUtilization/capacity'),
        watch('Capacity utilization', 'businessImpact/capacityUtilization/utilization', 'fraction'),
      ],
    },
    { id: 'technical-performance', title: 'Technical performance', items: operations.slice(0, 4) },
    {
      id: 'alerts',
      title: 'Alerts and actions',
      items: [
        watch('Performance degradation: retrain', 'alertsAndActions/performanceDegradation/retrain'),
        watch('Performance degradation: triggers', 'alertsAndActions/performanceDegradation/triggers'),
        watch('Performance degradation: action', 'alertsAndActions/performanceDegradation/action'),
        watch('Data anomalies', 'alertsAndActions/dataAnomalies'),
        ...operations.slice(-2),
        watch('Regulatory compliance', 'alertsAndActions/regulatoryCompliance'),
        judgement('Reviewed by', 'model owner'),
      ],
    },
    ...judgements,
    ...appendix,
  ],
};
