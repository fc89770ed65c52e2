import { expect, test } from "@jest/globals";
import { suite } from "./suite.mjs";

suite(test, (actual, expected) => expect(actual).toBe(expected));
