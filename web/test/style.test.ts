import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const MOST_LINES = 250;
const MOST_COLUMNS = 100;

const SOURCES = ["src", "test"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({
      name: `${folder}/${name}`,
      text: readFileSync(`${folder}/${name}`, "utf8"),
    })),
);

test("no module is longer than a reader likes, and no line wider than the page", () => {
  const written = SOURCES.filter(({ name }) => !name.startsWith("src/generated/"));
  assert.ok(written.length > 20);
  const long = written.filter(({ text }) => text.trimEnd().split("\n").length > MOST_LINES);
  assert.deepEqual(
    long.map(({ name }) => name),
    [],
  );
  const wide = written.flatMap(({ name, text }) =>
    text
      .split("\n")
      .flatMap((line, at) => (line.length > MOST_COLUMNS ? [`${name}:${at + 1}`] : [])),
  );
  assert.deepEqual(wide, []);
});

test("nothing puts text into the page as markup", () => {
  const markup = /\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc)\b/;
  for (const { name, text } of SOURCES.filter((source) => source.name.startsWith("src/"))) {
    assert.doesNotMatch(text, markup, name);
  }
});

test("the page names no host, and holds no script or style of its own", () => {
  const page = readFileSync("index.html", "utf8");
  assert.doesNotMatch(page, /https?:|style=|<style|\son[a-z]+=/);
  assert.equal([...page.matchAll(/<script/g)].length, 1);
  for (const { name, text } of SOURCES.filter((source) => source.name.startsWith("src/"))) {
    assert.doesNotMatch(text, /https?:\/\//, name);
  }
});
