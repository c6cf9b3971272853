import { KEYS } from "../generated/keys.ts";

/** Keys of a job document with their values as text, as an address and a knob hold them. */
export type FlatJob = Readonly<Record<string, string>>;

/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A job document, as the API takes and gives it. */
export type JobDocument = { [key: string]: Json };

/** The document of a flat job. Text that is no value of its kind is left to the API to refuse. */
export function nest(flat: FlatJob): JobDocument {
  const document: JobDocument = {};
  for (const [key, text] of Object.entries(flat)) {
    const path = key.split(".");
    const last = path.pop() as string;
    let node = document;
    for (const name of path) {
      node[name] ??= {};
      node = node[name] as JobDocument;
    }
    node[last] = value(key, text);
  }
  return document;
}

/** The keys of a document that the page may hold; others, such as paths of files, are left out. */
export function flatten(document: JobDocument): FlatJob {
  const flat: Record<string, string> = {};
  walk(document, "", flat);
  return flat;
}

/** What one job sets otherwise than another: a text to set, or null for a key to take out. */
export function difference(from: FlatJob, to: FlatJob): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const [key, text] of Object.entries(to)) {
    if (from[key] !== text) {
      changes[key] = text;
    }
  }
  for (const key of Object.keys(from)) {
    if (!(key in to)) {
      changes[key] = null;
    }
  }
  return changes;
}

/** The text of a value as an address holds it: lists with commas. */
export function textOf(value: Json): string {
  if (Array.isArray(value)) {
    return value.map(textOf).join(",");
  }
  if (value !== null && typeof value === "object") {
    return Object.entries(value)
      .map(([name, part]) => `${name}=${textOf(part)}`)
      .join(",");
  }
  return value === null ? "" : String(value);
}

function walk(node: JobDocument, prefix: string, flat: Record<string, string>): void {
  for (const [name, part] of Object.entries(node)) {
    const key = prefix + name;
    if (KEYS.has(key)) {
      const text = textOf(part);
      if (text !== "") {
        flat[key] = text;
      }
    } else if (part !== null && typeof part === "object" && !Array.isArray(part)) {
      walk(part, `${key}.`, flat);
    }
  }
}

function value(key: string, text: string): Json {
  switch (KEYS.get(key)?.kind) {
    case "number":
      return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "list":
      return text.split(",").filter((part) => part !== "");
    default:
      return text;
  }
}
