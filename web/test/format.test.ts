import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format.ts";
import { nearest, plain } from "../src/knob/number.ts";

test("bytes are told in GiB, and small ones in MiB", () => {
  assert.equal(format.gib(14_810_859_904), "13.79 GiB");
  assert.equal(format.gib(0), "0.00 GiB");
  assert.equal(format.gib(5 * 2 ** 20), "5.0 MiB");
  assert.equal(format.gib(512), "<0.1 MiB");
  assert.equal(format.gib(-(2 ** 31)), "-2.00 GiB");
  assert.equal(format.gibRange(2 ** 30, 2 ** 31), "1.00 to 2.00 GiB");
  assert.equal(format.card(25_757_220_864), "24.0 GiB");
});

test("dollars have cents up to a thousand", () => {
  assert.equal(format.dollars(2.755), "$2.76");
  assert.equal(format.dollars(1785.4), "$1,785");
  assert.equal(format.dollars(0.004), "<$0.01");
  assert.equal(format.dollars(0), "$0.00");
});

test("durations have the unit that leaves one to three digits", () => {
  assert.equal(format.duration(1.2285), "1.23 s");
  assert.equal(format.duration(6299.6), "105.0 min");
  assert.equal(format.duration(9419), "2.6 h");
  assert.equal(format.duration(864_000), "10.0 days");
});

test("parameters are told in millions, billions and trillions", () => {
  assert.equal(format.parameters(494_032_768), "494 M");
  assert.equal(format.parameters(8_030_261_248), "8.0 B");
  assert.equal(format.parameters(1_040_000_000_000), "1.04 T");
});

test("the age of prices is told in days up to two months, and says when it may be more", () => {
  assert.equal(format.age(3, 3, false), "3 days");
  assert.equal(format.age(56, 724, true), "2 to 24 months or more");
  assert.equal(format.age(91, 91, true), "at least 3 months");
});

test("a slider stands at the stop that is nearest in ratio", () => {
  const stops = [1, 10, 100];
  assert.equal(nearest(stops, 31), 1);
  assert.equal(nearest(stops, 32), 2);
  assert.equal(nearest(stops, 1e9), 2);
  assert.equal(nearest(stops, 0), 0);
});

test("separators between thousands are left out of a number that is typed", () => {
  assert.equal(plain("10,000 000"), "10000000");
  assert.equal(plain("1_000"), "1000");
});
