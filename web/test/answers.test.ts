import assert from "node:assert/strict";
import { test } from "node:test";
import type { Estimate, EstimateSetting, Timeline } from "../src/generated/answers.ts";
import { heldAt, highest, neighbour, phaseAt } from "../src/chart/timeline.ts";
import { effective, sequencesOfStep } from "../src/knob/origin.ts";
import { EMPTY, withJob } from "../src/state/state.ts";
import { isModelConfig, pastedName } from "../src/state/files.ts";
import { partsOf } from "../src/view/parts.ts";

const SETTINGS: ReadonlyMap<string, EstimateSetting> = new Map([
  ["lora.rank", { key: "lora.rank", value: 16, provenance: "assumed", note: "default" }],
  ["method", { key: "method", value: "lora", provenance: "set", note: "a.yml:2, adapter" }],
  [
    "precision",
    { key: "precision", value: "bf16", provenance: "framework_default", note: "axolotl: x.py" },
  ],
  ["lora.alpha", { key: "lora.alpha", value: 32, provenance: "derived", note: "2 x lora.rank" }],
]);

test("a knob shows what was set on the page, else what the estimate made of it and why", () => {
  const show = (key: string) => effective(key, withJob(EMPTY, { loss: "cce" }), SETTINGS);
  assert.deepEqual(show("loss"), { text: "cce", isSetHere: true, origin: "" });
  assert.deepEqual(show("lora.rank"), { text: "16", isSetHere: false, origin: "assumed" });
  assert.equal(show("method").origin, "a.yml:2");
  assert.equal(show("precision").origin, "default of axolotl");
  assert.equal(show("lora.alpha").origin, "by 2 x lora.rank");
  const none = { text: "", isSetHere: false };
  assert.deepEqual(show("attention"), { ...none, origin: "has no part in this" });
  assert.deepEqual(effective("attention", EMPTY, new Map()), { ...none, origin: "" });
});

test("a step sees the sequences of micro-batch, accumulation and GPUs, one where not known", () => {
  assert.equal(sequencesOfStep(EMPTY, SETTINGS), 1);
  const job = { "batch.micro_batch": "4", "hardware.count": "2", "batch.grad_accum": "many" };
  assert.equal(sequencesOfStep(withJob(EMPTY, job), SETTINGS), 8);
});

test("the parts of the bar add up to what is needed", () => {
  const memory = {
    allocated_bytes: 100,
    needed_bytes: 170,
    context_bytes: 40,
    communicator_bytes: 10,
    breakdown_bytes: { weights: 70, gradients: 0, activations: 30 },
  } as unknown as Estimate["memory"];
  const parts = partsOf(memory);
  assert.deepEqual(
    parts.map((part) => [part.label, part.bytes]),
    [
      ["weights", 70],
      ["activations", 30],
      ["fragmentation", 20],
      ["NCCL's buffers", 10],
      ["CUDA context", 40],
    ],
  );
});

test("a state of the timeline is told by its phase and what each category holds", () => {
  const timeline: Timeline = {
    peak: 2,
    phases: [
      { phase: "load", from: 0, to: 2 },
      { phase: "step", from: 2, to: 4 },
    ],
    total_bytes: [1, 3, 7, 7],
    breakdown_bytes: { optimizer: [0, 0, 4, 4], weights: [1, 3, 3, 3], gradients: [0, 0, 0, 0] },
  };
  assert.deepEqual(
    [0, 1, 2, 3].map((at) => phaseAt(timeline, at)),
    ["load", "load", "step", "step"],
  );
  assert.deepEqual(heldAt(timeline, 2), [
    { name: "weights", bytes: 3 },
    { name: "optimizer", bytes: 4 },
  ]);
  assert.deepEqual(
    timeline.phases.map((span) => highest(timeline, span)),
    [1, 2],
  );
  assert.deepEqual(
    [neighbour(timeline, 0, 1), neighbour(timeline, 3, 1), neighbour(timeline, 3, -1)],
    [2, 3, 2],
  );
});

test("a config.json of a model is told from a training file by what it names", () => {
  assert.equal(isModelConfig('{"model_type": "llama"}'), true);
  assert.equal(isModelConfig('{"architectures": ["LlamaForCausalLM"]}'), true);
  assert.equal(isModelConfig('{"zero_optimization": {"stage": 2}}'), false);
  assert.equal(isModelConfig("base_model: x"), false);
  assert.equal(isModelConfig("null"), false);
});

test("a pasted text is named by what it looks like", () => {
  assert.equal(pastedName("base_model: x\nadapter: lora"), "pasted.yaml");
  assert.equal(pastedName('{"model_type": "llama"}'), "config.json");
  assert.equal(pastedName('{"optimizer": {}}'), "pasted.json");
  assert.equal(pastedName("from trl import SFTConfig"), "pasted.py");
  assert.equal(pastedName("swift sft \\\n --model x"), "pasted.sh");
  assert.equal(pastedName("#!/bin/sh\nx"), "pasted.sh");
});
