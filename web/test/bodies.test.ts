import assert from "node:assert/strict";
import { test } from "node:test";
import {
  costBody,
  estimateBody,
  lintBody,
  planBody,
  saysNoTokens,
  writeBody,
} from "../src/api/bodies.ts";
import { EMPTY, EXAMPLE, type State, withJob } from "../src/state/state.ts";

const NONE: ReadonlySet<string> = new Set();
const FILE = { name: "axolotl.yml", text: "adapter: lora" };

test("an estimate is asked with the timeline, and ten million tokens unless said", () => {
  assert.deepEqual(estimateBody(EXAMPLE, NONE), {
    job: {
      model: { id: "llama-3.1-8b" },
      method: "qlora",
      checkpointing: "full",
      batch: { sequence_length: 2048 },
      hardware: { gpu: "RTX 4090" },
      data: { tokens: 10_000_000 },
    },
    timeline: true,
  });
});

test("tokens that a knob or a file says are not set over", () => {
  const knob = estimateBody(withJob(EXAMPLE, { "data.examples": "500" }), NONE);
  assert.deepEqual((knob["job"] as { data: object }).data, { examples: 500 });
  const file = estimateBody({ ...EMPTY, files: [FILE] }, new Set(["data.examples"]));
  assert.deepEqual(file, { job: {}, files: [FILE], timeline: true });
});

test("a job says how long the run is by its tokens or by its examples", () => {
  const setting = (key: string, value: number | null) => ({ key, value, provenance: "", note: "" });
  assert.equal(saysNoTokens([setting("lora.rank", 8), setting("data.tokens", null)]), true);
  assert.equal(saysNoTokens([setting("data.examples", 1000)]), false);
});

test("a config.json goes into the job as an object", () => {
  const config = { name: "config.json", text: '{"model_type": "qwen2"}' };
  const body = costBody({ ...EMPTY, config }, NONE);
  assert.deepEqual((body["job"] as { model: object }).model, { config: { model_type: "qwen2" } });
});

test("cost prices every GPU, so that the chosen one is not asked for", () => {
  const state = withJob(EXAMPLE, { "hardware.count": "4", "parallelism.strategy": "fsdp2" });
  const job = costBody(state, NONE)["job"] as Record<string, unknown>;
  assert.equal("hardware" in job, false);
  assert.deepEqual(job["parallelism"], { strategy: "fsdp2" });
});

test("a plan searches through settings, and keeps the sequences of a step", () => {
  const state = withJob(EXAMPLE, { "batch.micro_batch": "4", loss: "cce" });
  const body = planBody(state, NONE, 32);
  assert.equal(body["min_global_batch"], 32);
  assert.deepEqual(body["job"], {
    model: { id: "llama-3.1-8b" },
    method: "qlora",
    batch: { sequence_length: 2048 },
    data: { tokens: 10_000_000 },
  });
});

test("a plan that is told so keeps all that is set", () => {
  const plan = { budget: "50", deadline: "12h", methods: "", keep: true };
  const body = planBody({ ...withJob(EXAMPLE, { loss: "cce" }), plan }, NONE, 32);
  assert.equal("min_global_batch" in body, false);
  assert.equal((body["job"] as Record<string, unknown>)["loss"], "cce");
  assert.equal(body["budget"], "50");
  assert.equal(body["deadline"], "12h");
});

test("methods that a plan may choose from take the place of the job's own", () => {
  const plan = { ...EXAMPLE.plan, methods: "lora,qlora" };
  const state: State = { ...withJob(EXAMPLE, { "model.quantization.scheme": "nf4" }), plan };
  const body = planBody(state, NONE, 16);
  assert.equal(body["methods"], "lora,qlora");
  assert.deepEqual((body["job"] as Record<string, unknown>)["model"], { id: "llama-3.1-8b" });
  assert.equal("method" in (body["job"] as object), false);
});

test("files are written in the format of the state, and lint is asked of files alone", () => {
  assert.equal(writeBody({ ...EXAMPLE, to: "trl" }, NONE)["to"], "trl");
  assert.deepEqual(lintBody([FILE]), { files: [FILE] });
});
