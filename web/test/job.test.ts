import assert from "node:assert/strict";
import { test } from "node:test";
import { DETAILS, EXAMPLES, GPUS, TOKENS, TRAINING } from "../src/knob/table.ts";
import { difference, flatten, nest } from "../src/state/job.ts";
import { KEYS } from "../src/generated/keys.ts";
import { FRAMEWORKS } from "../src/generated/words.ts";

test("every knob turns a key of the job document, and every list has values to choose from", () => {
  for (const knob of [...TRAINING, ...DETAILS, ...GPUS, ...TOKENS, ...EXAMPLES]) {
    const key = KEYS.get(knob.key);
    assert.equal(key?.kind, knob.kind === "choice" ? "text" : "number", knob.key);
    const options = knob.key === "framework.name" ? FRAMEWORKS : key?.options;
    assert.deepEqual(knob.kind === "choice" ? knob.options : undefined, options, knob.key);
  }
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
