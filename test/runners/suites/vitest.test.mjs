import { expect, test } from "vitest";
import { suite } from "./suite.mjs";

suite(test, (actual, expected) => expect(actual).toBe(expected));
