import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { Notice } from "../src/generated/answers.ts";
import { labelOf } from "../src/knob/table.ts";
import { lines } from "../src/sentence.ts";

const GOLDEN = "test/notices.txt";

const NOTICES = JSON.parse(readFileSync("test/notices.json", "utf8")) as readonly Notice[];

test("a warning and a verdict say the labels of knobs, and no flag and no key that has one", () => {
  const said = lines(NOTICES, labelOf);
  if (process.env["VRAMCAST_GOLDEN_REWRITE"] === "true") {
    writeFileSync(GOLDEN, `${said.join("\n")}\n`);
  }
  assert.equal(`${said.join("\n")}\n`, readFileSync(GOLDEN, "utf8"));
  for (const line of said) {
    assert.ok(!line.includes("--"), line);
    const keys = line.match(/\b[a-z_]+\.[a-z_]+\b/g) ?? [];
    assert.deepEqual(
      keys.filter((key) => labelOf(key) !== key),
      [],
    );
  }
});
