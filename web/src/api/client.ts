import type { Body } from "./bodies.ts";

/** An answer that is an error, as of RFC 9457, or one that did not come. */
export class Problem extends Error {
  /** Status of HTTP, 0 where no answer came. */
  readonly status: number;
  readonly field: string | null;

  constructor(status: number, detail: string, field: string | null = null) {
    super(detail);
    this.status = status;
    this.field = field;
  }
}

/** Asks for an answer; fails with a {@link Problem}, or an AbortError when it was superseded. */
export async function post<Answer>(name: string, body: Body, signal: AbortSignal): Promise<Answer> {
  return ask<Answer>(`api/v1/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}

/** Asks for a list. */
export async function get<Answer>(
  name: string,
  search: Record<string, string>,
  signal?: AbortSignal,
): Promise<Answer> {
  const query = new URLSearchParams(search).toString();
  return ask<Answer>(`api/v1/${name}${query === "" ? "" : `?${query}`}`, {
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
  const words = `The server answered ${response.status}.`;
  try {
    const body = (await response.json()) as { detail?: unknown; title?: unknown; field?: unknown };
    const detail = [body.detail, body.title].find((part) => typeof part === "string");
    const field = typeof body.field === "string" ? body.field : null;
    return new Problem(response.status, (detail as string | undefined) ?? words, field);
  } catch (error) {
    if (isSuperseded(error)) {
      throw error;
    }
    return new Problem(response.status, words);
  }
}
