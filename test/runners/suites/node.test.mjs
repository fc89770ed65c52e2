import { strictEqual } from "node:assert/strict";
import { test } from "node:test";
import { suite } from "./suite.mjs";

suite(test, strictEqual);
