import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DETAILS, GPUS, RUN, TRAINING } from "../src/knob/table.ts";
import { difference, flatten, nest } from "../src/state/job.ts";
import { KEYS } from "../src/state/keys.ts";

const OF_FILES = ["model.config", "data.file", "data.tokenizer"];

/** Rows of the table of keys in the documentation: key and what it holds. */
function documented(): Map<string, string> {
  const text = readFileSync("../docs/job-document.md", "utf8");
  const rows = text.matchAll(/^\| `([a-z0-9_.]+)` \| `--[^|]+\| ([^|]+) \|/gm);
  return new Map([...rows].map((row) => [row[1] as string, row[2] as string]));
}

test("the page knows every key of the job document that names no file", () => {
  const keys = [...documented().keys()].filter((key) => !OF_FILES.includes(key));
  assert.ok(keys.length > 50);
  assert.deepEqual([...KEYS.keys()].sort(), keys.sort());
});

test("every key has the kind that the documentation gives it", () => {
  for (const [key, holds] of documented()) {
    const kind = KEYS.get(key);
    if (kind === "number") {
      assert.match(holds, /^(a whole number|a number)/, key);
    } else if (kind === "boolean") {
      assert.equal(holds, "true or false", key);
    } else if (kind === "list") {
      assert.match(holds, /list/, key);
    } else if (kind === "text") {
      assert.doesNotMatch(holds, /^(a whole number|a number|true or false|a list)/, key);
    }
  }
});

test("every list to choose from has exactly the values that are allowed", () => {
  const knobs = [...TRAINING, ...DETAILS, ...GPUS, ...RUN];
  const allowed = documented();
  for (const knob of knobs) {
    if (knob.kind === "choice") {
      assert.equal(knob.options.join(", "), allowed.get(knob.key), knob.key);
    }
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
