/** Makers of variants: each fills in what follows from the class. */
import type { ErrorCategory } from '../../experiment';
import type { FaultVariant, Serve } from './fault';

/** The name of a variant that is the only one of its row. */
export const ONLY = 'only';

/** T: the next call fares better. */
export function transient(category: ErrorCategory, serve: Serve | null, name = ONLY): FaultVariant {
  return {
    name,
    faultClass: 'T',
    becomes: null,
    whenGeneral: null,
    category,
    persists: false,
    mixes: serve !== null,
    serve,
  };
}

/** T at first; P when it comes again and again. */
export function givenUpLater(category: ErrorCategory, serve: Serve, name = ONLY): FaultVariant {
  return { ...transient(category, serve, name), becomes: 'P' };
}

/** P: every call of this text fares alike. */
export function permanent(category: ErrorCategory, serve: Serve, name = ONLY): FaultVariant {
  return {
    name,
    faultClass: 'P',
    becomes: null,
    whenGeneral: null,
    category,
    persists: true,
    mixes: true,
    serve,
  };
}

/** X: no call can succeed until somebody mends something. */
export function stopping(category: ErrorCategory, serve: Serve | null, name = ONLY): FaultVariant {
  return {
    name,
    faultClass: 'X',
    becomes: null,
    whenGeneral: null,
    category,
    persists: true,
    mixes: false,
    serve,
  };
}

/** V: odd, but a whole answer. */
export function valid(serve: Serve, name = ONLY): FaultVariant {
  return {
    name,
    faultClass: 'V',
    becomes: null,
    whenGeneral: null,
    category: null,
    persists: false,
    mixes: true,
    serve,
  };
}

/** The same; X at preflight, or when text after text fares so. */
export function stoppingWhenGeneral(variant: FaultVariant): FaultVariant {
  return { ...variant, whenGeneral: 'X' };
}

/** The same, but not for mixtures: it concerns more than one call, or stops an experiment. */
export function alone(variant: FaultVariant): FaultVariant {
  return { ...variant, mixes: false };
}

/** The same, for every call of the text. */
export function everyTime(variant: FaultVariant): FaultVariant {
  return { ...variant, persists: true };
}
