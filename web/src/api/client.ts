import type { Problem as ProblemParts } from "../generated/answers.ts";
import type { Listed, Posted } from "../generated/requests.ts";
import { type Sentence, line } from "../sentence.ts";

/** An answer that is an error, as of RFC 9457, or one that did not come. */
export class Problem extends Error {
  /** Status of HTTP, 0 where no answer came. */
  readonly status: number;
  readonly field: string | null;
  readonly #place: string | null;
  readonly #sentence: Sentence;

  constructor(status: number, detail: string, parts: Partial<ProblemParts> = {}) {
    super(detail);
    this.status = status;
    this.field = parts.field ?? null;
    this.#place = parts.place ?? null;
    this.#sentence = parts.sentence ?? [];
  }

  /** The line with the page's word for each field; the detail where there are no parts. */
  line(label: (field: string) => string): string {
    if (this.#sentence.length === 0) {
      return this.message;
    }
    return line({ sentence: this.#sentence, place: this.#place ?? undefined }, label);
  }
}

/** The problem that the body of an answer is. */
export function problemOf(status: number, body: unknown): Problem {
  const words = `The server answered ${status}.`;
  if (typeof body !== "object" || body === null) {
    return new Problem(status, words);
  }
  const given = body as Partial<ProblemParts>;
  const detail = [given.detail, given.title].find((part) => typeof part === "string");
  return new Problem(status, detail ?? words, given);
}

/** Asks for an answer; fails with a {@link Problem}, or an AbortError when it was superseded. */
export async function post<Name extends keyof Posted>(
  name: Name,
  body: Posted[Name]["request"],
  signal: AbortSignal,
): Promise<Posted[Name]["answer"]> {
  return ask(`api/v1/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

/** A request in an address, where all is text. */
type InAddress<Request> = { readonly [Field in keyof Request]?: string };

/** Asks for a list. */
export async function get<Name extends keyof Listed>(
  name: Name,
  search: InAddress<Listed[Name]["request"]>,
  signal?: AbortSignal,
): Promise<Listed[Name]["answer"]> {
  const query = new URLSearchParams(search as Record<string, string>).toString();
  return ask(`api/v1/${name}${query === "" ? "" : `?${query}`}`, {
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Whether a request ended because a newer one took its place. */
export function isSuperseded(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

async function ask<Answer>(path: string, request: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    if (isSuperseded(error)) {
      throw error;
    }
    throw new Problem(0, "The server does not answer. Is vramcast serve still running?");
  }
  if (response.ok) {
    return (await response.json()) as Answer;
  }
  throw await problem(response);
}

async function problem(response: Response): Promise<Problem> {
  try {
    return problemOf(response.status, await response.json());
  } catch (error) {
    if (isSuperseded(error)) {
      throw error;
    }
    return problemOf(response.status, null);
  }
}
