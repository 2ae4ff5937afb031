/** Before every test file: properties are tried on the same cases every time, so that a run never depends on luck. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_260_105 });
