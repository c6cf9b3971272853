import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { problemOf } from "../src/api/client.ts";
import { labelOf } from "../src/knob/table.ts";

const GOLDEN = "test/problems.txt";

const PROBLEMS = JSON.parse(readFileSync("test/problems.json", "utf8")) as readonly unknown[];

test("an error says the label of a knob, and no flag and no key that has a knob", () => {
  const lines = PROBLEMS.map((body) => problemOf(400, body).line(labelOf));
  if (process.env["VRAMCAST_GOLDEN_REWRITE"] === "true") {
    writeFileSync(GOLDEN, `${lines.join("\n")}\n`);
  }
  assert.equal(`${lines.join("\n")}\n`, readFileSync(GOLDEN, "utf8"));
  for (const line of lines) {
    assert.ok(!line.includes("--"), line);
    const keys = line.match(/\b[a-z_]+\.[a-z_]+\b/g) ?? [];
    assert.deepEqual(
      keys.filter((key) => labelOf(key) !== key),
      [],
    );
  }
});

test("a sentence may speak of another place", () => {
  const sentence = [
    { field: "batch.micro_batch" },
    { text: " is given twice, first in " },
    { place: "job.yml:1:1", file: "job.yml", line: 1, column: 1 },
  ];
  const body = { detail: "detail", place: "job.yml:2:1", sentence };
  assert.equal(
    problemOf(400, body).line(labelOf),
    "job.yml:2:1: Micro-batch is given twice, first in job.yml:1:1",
  );
});

test("what is said beside the job has a label too", () => {
  assert.equal(labelOf("to"), "Format");
  assert.equal(labelOf("headroom"), "Headroom");
  assert.equal(labelOf("no_such_field"), "no_such_field");
});

test("an answer that is no problem is told by its status", () => {
  assert.equal(problemOf(502, null).line(labelOf), "The server answered 502.");
  assert.equal(problemOf(404, { detail: "nothing is here" }).line(labelOf), "nothing is here");
});
