import assert from "node:assert/strict";
import { test } from "node:test";
import type { EstimateSetting } from "../src/generated/answers.ts";
import { effective, NO_PART } from "../src/knob/origin.ts";
import { EMPTY, type State } from "../src/state/state.ts";

const METHOD: EstimateSetting = { key: "method", value: "full", provenance: "set", note: "job" };
const SETTINGS = new Map([["method", METHOD]]);

test("a profile and a stage that nobody gives are shown with what holds for them", () => {
  const profile = effective("profile", EMPTY, SETTINGS);
  assert.deepEqual([profile.text, profile.origin], ["recommended", "as most people train"]);
  const stage = effective("objective.stage", EMPTY, SETTINGS);
  assert.deepEqual([stage.text, stage.origin], ["sft", "assumed"]);
});

test("files have a profile and a stage of their own", () => {
  const state: State = { ...EMPTY, files: [{ name: "a.yaml", text: "" }] };
  for (const key of ["profile", "objective.stage"]) {
    assert.deepEqual(effective(key, state, SETTINGS).origin, "as the files have it", key);
  }
});

test("a key that the job makes nothing of says so, once there is an answer", () => {
  assert.equal(effective("lora.rank", EMPTY, SETTINGS).origin, NO_PART);
  assert.equal(effective("lora.rank", EMPTY, new Map()).origin, "");
});
