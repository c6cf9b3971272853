import type { NoRoom, NotModelled, Weights } from "../generated/answers.ts";
import type { Posted } from "../generated/requests.ts";
import type { Asked } from "./lane.ts";
import { isSuperseded, post, Problem } from "./client.ts";

/** A verdict without the figures of a training. */
export type WithoutFigures = NotModelled | NoRoom | Weights;

/** Who shows what became of a question. */
export interface Asker<Answer> {
  readonly waiting?: () => void;
  readonly answered: (answer: Answer) => void;
  readonly withoutFigures: (verdict: WithoutFigures) => void;
  readonly failed: (problem: Problem) => void;
}

/**
 * One kind of request, of which only the newest counts. An answered body is not asked again. Of the
 * operation's answers with figures it takes those that its bodies lead to.
 */
export class Question<Name extends keyof Posted, Answer extends Posted[Name]["answer"]> {
  readonly #name: Name;
  readonly #asker: Asker<Answer>;
  #request: AbortController | null = null;
  #asked: Promise<void> | null = null;
  #body = "";

  constructor(name: Name, asker: Asker<Answer>) {
    this.#name = name;
    this.#asker = asker;
  }

  /** Whether it was asked, or is to be asked, with this body. */
  isFor(body: Posted[Name]["request"]): boolean {
    return JSON.stringify(body) === this.#body;
  }

  /** Says that a body will be asked: what is under way for another ends. */
  expect(body: Posted[Name]["request"]): void {
    if (!this.isFor(body)) {
      this.drop();
      this.#body = JSON.stringify(body);
      this.#asker.waiting?.();
    }
  }

  /** Asks, unless it is or was asked; ends when the answer is shown or nobody waits for it. */
  async ask(body: Posted[Name]["request"]): Promise<void> {
    this.expect(body);
    this.#asked ??= this.#send(body);
    await this.#asked;
  }

  /** This question about a body, for a lane. */
  with(body: Posted[Name]["request"]): Asked {
    return { expect: () => this.expect(body), ask: () => this.ask(body) };
  }

  /** Ends what is under way, and forgets what was answered. */
  drop(): void {
    this.#request?.abort();
    this.#request = null;
    this.#asked = null;
    this.#body = "";
  }

  async #send(body: Posted[Name]["request"]): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const answer = await post(this.#name, body, request.signal);
      if (request.signal.aborted) {
        return;
      }
      if (isWithoutFigures(answer)) {
        this.#asker.withoutFigures(answer);
      } else {
        this.#asker.answered(answer as Answer);
      }
    } catch (error) {
      if (isSuperseded(error) || request.signal.aborted) {
        return;
      }
      if (!(error instanceof Problem)) {
        throw error;
      }
      this.#body = "";
      this.#asked = null;
      this.#asker.failed(error);
    }
  }
}

/** It in one sentence: why there are no figures, or what a job takes that trains nothing. */
export function wordsOf(verdict: WithoutFigures): string {
  return verdict.kind === "weights" ? verdict.summary : `${verdict.reason}.`;
}

/** Whether an answer is the verdict on a job that has no step, no figures, or does not start. */
function isWithoutFigures(answer: unknown): answer is WithoutFigures {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "kind" in answer &&
    (answer.kind === "not_modelled" || answer.kind === "no_room" || answer.kind === "weights")
  );
}
