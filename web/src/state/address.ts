import { pack, unpack } from "./pack.ts";
import { KEYS } from "../generated/keys.ts";
import type { FlatJob } from "./job.ts";
import { type Attachment, DEFAULT_FORMAT, EMPTY, type State } from "./state.ts";

/** Longest address that browsers and chat programs are trusted with, in characters. */
export const LONGEST_ADDRESS = 16_000;

/** An address, and the names of the files that did not go into it. */
export interface Address {
  readonly fragment: string;
  readonly leftOut: readonly string[];
}

interface Files {
  readonly files?: readonly Attachment[];
  readonly config?: Attachment;
}

const TERMS = ["budget", "deadline", "methods"] as const;

/**
 * The part of the address behind '#', which a browser never sends anywhere. Files are compressed
 * into it; where they make it longer than {@link LONGEST_ADDRESS} they are left out.
 */
export async function write(state: State): Promise<Address> {
  const fragment = writeKnobs(state);
  const names = attachments(state).map((file) => file.name);
  if (names.length === 0) {
    return { fragment, leftOut: [] };
  }
  const packed = await pack(JSON.stringify(contents(state)));
  const whole = `${fragment}${fragment === "" ? "" : "&"}packed=${packed}`;
  return whole.length <= LONGEST_ADDRESS
    ? { fragment: whole, leftOut: [] }
    : {
        fragment: `${fragment}${fragment === "" ? "" : "&"}left_out=${names.length}`,
        leftOut: names,
      };
}

/** The address without files. */
export function writeKnobs(state: State): string {
  const search = new URLSearchParams();
  for (const [key, text] of Object.entries(state.job)) {
    search.set(key, text);
  }
  for (const term of TERMS) {
    if (state.plan[term] !== "") {
      search.set(term, state.plan[term]);
    }
  }
  if (state.plan.keep) {
    search.set("keep", "true");
  }
  if (state.to !== DEFAULT_FORMAT) {
    search.set("to", state.to);
  }
  if (state.other !== null) {
    search.set("other", new URLSearchParams(state.other).toString());
  }
  return search.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
}

/** What an address says, and what of it was not understood or is missing, each in a sentence. */
export interface Reading {
  readonly state: State;
  readonly complaints: readonly string[];
}

/** Reads a fragment, without its '#'. Never fails: what cannot be read becomes a complaint. */
export async function read(fragment: string): Promise<Reading> {
  const complaints: string[] = [];
  const job: Record<string, string> = {};
  const search = new URLSearchParams(fragment);
  const known = new Set<string>([...TERMS, "keep", "to", "packed", "left_out", "other"]);
  for (const [key, text] of search) {
    if (KEYS.has(key)) {
      job[key] = text;
    } else if (!known.has(key)) {
      complaints.push(`The address has the key '${key}', which is none of a job.`);
    }
  }
  const leftOut = search.get("left_out");
  if (leftOut !== null) {
    complaints.push(
      `This link was made with ${leftOut === "1" ? "a file" : `${leftOut} files`} too large for` +
        " an address: drop them here again.",
    );
  }
  const files = await readFiles(search.get("packed"), complaints);
  const plan = {
    budget: search.get("budget") ?? "",
    deadline: search.get("deadline") ?? "",
    methods: search.get("methods") ?? "",
    keep: search.get("keep") === "true",
  };
  const to = search.get("to") ?? DEFAULT_FORMAT;
  const other = readOther(search.get("other"), complaints);
  return { state: { ...EMPTY, job, plan, to, other, ...files }, complaints };
}

/** The job to compare with, whose keys are those of a job too. */
function readOther(text: string | null, complaints: string[]): FlatJob | null {
  if (text === null) {
    return null;
  }
  const other: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    if (KEYS.has(key)) {
      other[key] = value;
    } else {
      complaints.push(`The other job has the key '${key}', which is none of a job.`);
    }
  }
  return Object.keys(other).length === 0 ? null : other;
}

function attachments(state: State): readonly Attachment[] {
  return state.config === null ? state.files : [...state.files, state.config];
}

function contents(state: State): Files {
  return {
    ...(state.files.length > 0 ? { files: state.files } : {}),
    ...(state.config !== null ? { config: state.config } : {}),
  };
}

async function readFiles(
  packed: string | null,
  complaints: string[],
): Promise<{ files: readonly Attachment[]; config: Attachment | null }> {
  if (packed === null) {
    return { files: [], config: null };
  }
  try {
    const read = JSON.parse(await unpack(packed)) as Files;
    return { files: (read.files ?? []).map(attachment), config: config(read.config) };
  } catch {
    complaints.push("The files in this address are damaged and were left out.");
    return { files: [], config: null };
  }
}

function config(file: Attachment | undefined): Attachment | null {
  if (file === undefined) {
    return null;
  }
  JSON.parse(file.text);
  return attachment(file);
}

function attachment(file: Attachment): Attachment {
  if (typeof file.name !== "string" || typeof file.text !== "string") {
    throw new TypeError("a file has a name and a text");
  }
  return { name: file.name, text: file.text };
}
