import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { LONGEST_ADDRESS, read, write, writeKnobs } from "../src/state/address.ts";
import { pack, unpack } from "../src/state/pack.ts";
import { EMPTY, EXAMPLE, hasModel, type State, withJob } from "../src/state/state.ts";

const FULL: State = {
  job: {
    "model.id": "meta-llama/Llama-3.1-8B",
    method: "lora",
    "lora.targets": "q_proj,v_proj",
    "batch.sequence_length": "4096",
    "model.quantization.double_quant": "true",
    "hardware.gpu": "RTX 6000 Ada & co = #1",
  },
  files: [{ name: "größe.yml", text: "base_model: ä\n".repeat(50) }],
  config: { name: "config.json", text: '{"model_type": "llama"}' },
  plan: { budget: "50", deadline: "12h", methods: "lora,qlora", keep: true },
  to: "skypilot",
  other: { "model.id": "gpt2", "hardware.gpu": "RTX 4090 & co = #1", "lora.rank": "8" },
};

test("an address reproduces the whole state, files included", async () => {
  const { fragment, leftOut } = await write(FULL);
  assert.deepEqual(leftOut, []);
  assert.deepEqual(await read(fragment), { state: FULL, complaints: [] });
});

test("an empty state has an empty address, and the other way round", async () => {
  assert.deepEqual(await write(EMPTY), { fragment: "", leftOut: [] });
  assert.deepEqual(await read(""), { state: EMPTY, complaints: [] });
});

test("an address of knobs can be read by people", () => {
  assert.equal(
    writeKnobs(EXAMPLE),
    "model.id=llama-3.1-8b&method=qlora&checkpointing=full" +
      "&batch.sequence_length=2048&hardware.gpu=RTX+4090",
  );
});

test("files that are too large for an address are left out, and the link says so", async () => {
  const text = randomBytes(LONGEST_ADDRESS).toString("hex");
  const large: State = { ...EXAMPLE, files: [{ name: "big.yml", text }] };
  const { fragment, leftOut } = await write(large);
  assert.deepEqual(leftOut, ["big.yml"]);
  assert.ok(fragment.length < 300);
  const reading = await read(fragment);
  assert.deepEqual(reading.state, { ...large, files: [] });
  assert.match(reading.complaints.join(), /a file too large for an address: drop them here again/);
});

test("a key that no job has becomes a complaint, and no request", async () => {
  const { state, complaints } = await read("method=lora&__proto__=1&lora.rnak=8");
  assert.deepEqual(state.job, { method: "lora" });
  assert.equal(complaints.length, 2);
  assert.match(complaints[1] as string, /'lora.rnak'/);
});

test("a key of the other job that no job has becomes a complaint, and no request", async () => {
  const other = new URLSearchParams({ method: "lora", "lora.rnak": "8" }).toString();
  const { state, complaints } = await read(new URLSearchParams({ other }).toString());
  assert.deepEqual(state.other, { method: "lora" });
  assert.match(complaints.join(), /The other job has the key 'lora.rnak'/);
});

test("damaged files in an address become a complaint", async () => {
  const wrongShape = await pack(JSON.stringify({ files: [{ name: 1 }] }));
  const noJson = await pack(JSON.stringify({ config: { name: "config.json", text: "{" } }));
  for (const packed of ["%%%", "AAAA", wrongShape, noJson]) {
    const { state, complaints } = await read(`method=lora&packed=${packed}`);
    assert.deepEqual(state.files, []);
    assert.equal(state.config, null);
    assert.equal(state.job["method"], "lora");
    assert.deepEqual(complaints, ["The files in this address are damaged and were left out."]);
  }
});

test("a small address cannot unpack into a large text", async () => {
  const bomb = await pack("x".repeat(5 << 20));
  assert.ok(bomb.length < LONGEST_ADDRESS);
  await assert.rejects(unpack(bomb), /more than 4 MiB/);
});

test("an empty text takes a key out of the job", () => {
  const state = withJob(EXAMPLE, { method: "", loss: "cce", checkpointing: null });
  assert.equal("method" in state.job, false);
  assert.equal("checkpointing" in state.job, false);
  assert.equal(state.job["loss"], "cce");
});

test("there is a model when it is named, or a file or config.json may name it", () => {
  assert.equal(hasModel(EMPTY), false);
  assert.equal(hasModel(EXAMPLE), true);
  assert.equal(hasModel({ ...EMPTY, files: FULL.files }), true);
  assert.equal(hasModel({ ...EMPTY, config: FULL.config }), true);
});
