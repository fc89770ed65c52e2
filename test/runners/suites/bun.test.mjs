import { expect, test } from "bun:test";
import { suite } from "./suite.mjs";

suite(test, (actual, expected) => expect(actual).toBe(expected));
