/**
 * The checks of testify after whose failure the test continues. Mirrors `github.com/stretchr/testify/assert`: the test
 * comes first, the names of the functions start with a lowercase letter, and those that call a function of yours return
 * a promise.
 *
 * @module
 */

import { type Assertions, assertions } from "./assertions.ts";

export type { TestingT } from "./assertions.ts";

const checks: Assertions = assertions(() => {});

export const fail: Assertions["fail"] = checks.fail;
export const failNow: Assertions["failNow"] = checks.failNow;
export const equal: Assertions["equal"] = checks.equal;
export const notEqual: Assertions["notEqual"] = checks.notEqual;
export const equalValues: Assertions["equalValues"] = checks.equalValues;
export const exactly: Assertions["exactly"] = checks.exactly;
export const same: Assertions["same"] = checks.same;
export const notSame: Assertions["notSame"] = checks.notSame;
export const nil: Assertions["nil"] = checks.nil;
export const notNil: Assertions["notNil"] = checks.notNil;
const isTrue: Assertions["true"] = checks.true;
const isFalse: Assertions["false"] = checks.false;
export const zero: Assertions["zero"] = checks.zero;
export const notZero: Assertions["notZero"] = checks.notZero;
export const empty: Assertions["empty"] = checks.empty;
export const notEmpty: Assertions["notEmpty"] = checks.notEmpty;
export const len: Assertions["len"] = checks.len;
export const contains: Assertions["contains"] = checks.contains;
export const notContains: Assertions["notContains"] = checks.notContains;
export const subset: Assertions["subset"] = checks.subset;
export const elementsMatch: Assertions["elementsMatch"] = checks.elementsMatch;
export const error: Assertions["error"] = checks.error;
export const noError: Assertions["noError"] = checks.noError;
export const errorIs: Assertions["errorIs"] = checks.errorIs;
export const notErrorIs: Assertions["notErrorIs"] = checks.notErrorIs;
export const errorAs: Assertions["errorAs"] = checks.errorAs;
export const errorContains: Assertions["errorContains"] = checks.errorContains;
export const equalError: Assertions["equalError"] = checks.equalError;
export const panics: Assertions["panics"] = checks.panics;
export const notPanics: Assertions["notPanics"] = checks.notPanics;
export const panicsWithValue: Assertions["panicsWithValue"] = checks.panicsWithValue;
export const panicsWithError: Assertions["panicsWithError"] = checks.panicsWithError;
export const greater: Assertions["greater"] = checks.greater;
export const greaterOrEqual: Assertions["greaterOrEqual"] = checks.greaterOrEqual;
export const less: Assertions["less"] = checks.less;
export const lessOrEqual: Assertions["lessOrEqual"] = checks.lessOrEqual;
export const positive: Assertions["positive"] = checks.positive;
export const negative: Assertions["negative"] = checks.negative;
export const inDelta: Assertions["inDelta"] = checks.inDelta;
export const inEpsilon: Assertions["inEpsilon"] = checks.inEpsilon;
export const withinDuration: Assertions["withinDuration"] = checks.withinDuration;
export const isType: Assertions["isType"] = checks.isType;
export const regexp: Assertions["regexp"] = checks.regexp;
export const eventually: Assertions["eventually"] = checks.eventually;
export const never: Assertions["never"] = checks.never;
export { isTrue as true, isTrue as true_, isFalse as false, isFalse as false_ };
export const failf: Assertions["fail"] = checks.fail;
export const failNowf: Assertions["failNow"] = checks.failNow;
export const equalf: Assertions["equal"] = checks.equal;
export const notEqualf: Assertions["notEqual"] = checks.notEqual;
export const equalValuesf: Assertions["equalValues"] = checks.equalValues;
export const exactlyf: Assertions["exactly"] = checks.exactly;
export const samef: Assertions["same"] = checks.same;
export const notSamef: Assertions["notSame"] = checks.notSame;
export const nilf: Assertions["nil"] = checks.nil;
export const notNilf: Assertions["notNil"] = checks.notNil;
export const truef: Assertions["true"] = checks.true;
export const falsef: Assertions["false"] = checks.false;
export const zerof: Assertions["zero"] = checks.zero;
export const notZerof: Assertions["notZero"] = checks.notZero;
export const emptyf: Assertions["empty"] = checks.empty;
export const notEmptyf: Assertions["notEmpty"] = checks.notEmpty;
export const lenf: Assertions["len"] = checks.len;
export const containsf: Assertions["contains"] = checks.contains;
export const notContainsf: Assertions["notContains"] = checks.notContains;
export const subsetf: Assertions["subset"] = checks.subset;
export const elementsMatchf: Assertions["elementsMatch"] = checks.elementsMatch;
export const errorf: Assertions["error"] = checks.error;
export const noErrorf: Assertions["noError"] = checks.noError;
export const errorIsf: Assertions["errorIs"] = checks.errorIs;
export const notErrorIsf: Assertions["notErrorIs"] = checks.notErrorIs;
export const errorAsf: Assertions["errorAs"] = checks.errorAs;
export const errorContainsf: Assertions["errorContains"] = checks.errorContains;
export const equalErrorf: Assertions["equalError"] = checks.equalError;
export const panicsf: Assertions["panics"] = checks.panics;
export const notPanicsf: Assertions["notPanics"] = checks.notPanics;
export const panicsWithValuef: Assertions["panicsWithValue"] = checks.panicsWithValue;
export const panicsWithErrorf: Assertions["panicsWithError"] = checks.panicsWithError;
export const greaterf: Assertions["greater"] = checks.greater;
export const greaterOrEqualf: Assertions["greaterOrEqual"] = checks.greaterOrEqual;
export const lessf: Assertions["less"] = checks.less;
export const lessOrEqualf: Assertions["lessOrEqual"] = checks.lessOrEqual;
export const positivef: Assertions["positive"] = checks.positive;
export const negativef: Assertions["negative"] = checks.negative;
export const inDeltaf: Assertions["inDelta"] = checks.inDelta;
export const inEpsilonf: Assertions["inEpsilon"] = checks.inEpsilon;
export const withinDurationf: Assertions["withinDuration"] = checks.withinDuration;
export const isTypef: Assertions["isType"] = checks.isType;
export const regexpf: Assertions["regexp"] = checks.regexp;
export const eventuallyf: Assertions["eventually"] = checks.eventually;
export const neverf: Assertions["never"] = checks.never;
