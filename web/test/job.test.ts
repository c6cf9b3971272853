import assert from "node:assert/strict";
import { test } from "node:test";
import { knobsOf, labelOf, otherKnobs } from "../src/knob/table.ts";
import { difference, flatten, nest } from "../src/state/job.ts";
import { KEYS } from "../src/generated/keys.ts";

const PANELS = ["gpus", "tokens", "examples", "method", "training", "details"] as const;

test("every key of the job document has a knob, but those with a control of their own", () => {
  const knobs = [...PANELS.flatMap(knobsOf), ...otherKnobs()].map((knob) => knob.key);
  assert.deepEqual([...knobs, "model.id", "hardware.gpu"].sort(), [...KEYS.keys()].sort());
});

test("a knob is a list of the few values of its key, or a slider over the usual ones", () => {
  const knobs = new Map(PANELS.flatMap(knobsOf).map((knob) => [knob.key, knob]));
  assert.equal(knobs.get("method")?.kind, "choice");
  assert.equal(knobs.get("framework.name")?.kind, "choice");
  assert.equal(knobs.get("lora.rank")?.kind, "number");
  assert.equal(otherKnobs().find((knob) => knob.key === "lora.alpha")?.kind, "text");
  assert.equal(labelOf("batch.grad_accum"), "Gradient accumulation");
  assert.equal(labelOf("lora.alpha"), "lora.alpha");
});

test("a flat job nests into a document with typed values, and comes back", () => {
  const flat = {
    "model.id": "123",
    "model.quantization.double_quant": "true",
    "lora.rank": "64",
    "lora.targets": "q_proj,v_proj",
    "data.tokens": "1e8",
  };
  const document = nest(flat);
  assert.deepEqual(document, {
    model: { id: "123", quantization: { double_quant: true } },
    lora: { rank: 64, targets: ["q_proj", "v_proj"] },
    data: { tokens: 1e8 },
  });
  assert.deepEqual(flatten(document), { ...flat, "data.tokens": "100000000" });
});

test("a text that is no number goes to the API as it is, which names what is allowed", () => {
  assert.deepEqual(nest({ "lora.rank": "many" }), { lora: { rank: "many" } });
  assert.deepEqual(nest({ "lora.rank": " " }), { lora: { rank: " " } });
});

test("quantiles of lengths stay one text", () => {
  const document = { data: { lengths: { p50: 512, max: 8192 } } };
  assert.deepEqual(flatten(document), { "data.lengths": "p50=512,max=8192" });
});

test("keys that the page does not hold are left out of an answer's job", () => {
  const document = { model: { id: "m", config: { hidden_size: 8 } }, data: { file: "/etc/x" } };
  assert.deepEqual(flatten(document), { "model.id": "m" });
});

test("the difference of two jobs is what has to be set and taken out", () => {
  const from = { method: "full", "lora.rank": "8", loss: "full" };
  const to = { method: "qlora", loss: "full", "model.quantization.scheme": "nf4" };
  assert.deepEqual(difference(from, to), {
    method: "qlora",
    "model.quantization.scheme": "nf4",
    "lora.rank": null,
  });
  assert.deepEqual(difference(to, to), {});
});
