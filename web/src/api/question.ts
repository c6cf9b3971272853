import type { NoRoom, NotModelled } from "../generated/answers.ts";
import type { Body } from "./bodies.ts";
import { isSuperseded, post, Problem } from "./client.ts";

/** A verdict without figures. */
export type WithoutFigures = NotModelled | NoRoom;

/** Who shows what became of a question. */
export interface Asker<Answer> {
  readonly waiting?: () => void;
  readonly answered: (answer: Answer) => void;
  readonly withoutFigures: (verdict: WithoutFigures) => void;
  readonly failed: (problem: Problem) => void;
}

/** A question without the kind of its answer. */
export type AnyQuestion = Pick<Question<never>, "isFor" | "expect" | "ask" | "drop">;

/** One kind of request, of which only the newest counts. An answered body is not asked again. */
export class Question<Answer> {
  readonly #name: string;
  readonly #asker: Asker<Answer>;
  #request: AbortController | null = null;
  #asked: Promise<void> | null = null;
  #body = "";

  constructor(name: string, asker: Asker<Answer>) {
    this.#name = name;
    this.#asker = asker;
  }

  /** Whether it was asked, or is to be asked, with this body. */
  isFor(body: Body): boolean {
    return JSON.stringify(body) === this.#body;
  }

  /** Says that a body will be asked: what is under way for another ends. */
  expect(body: Body): void {
    if (!this.isFor(body)) {
      this.drop();
      this.#body = JSON.stringify(body);
      this.#asker.waiting?.();
    }
  }

  /** Asks, unless it is or was asked; ends when the answer is shown or nobody waits for it. */
  async ask(body: Body): Promise<void> {
    this.expect(body);
    this.#asked ??= this.#send(body);
    await this.#asked;
  }

  /** Ends what is under way, and forgets what was answered. */
  drop(): void {
    this.#request?.abort();
    this.#request = null;
    this.#asked = null;
    this.#body = "";
  }

  async #send(body: Body): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const answer = await post<Answer | WithoutFigures>(this.#name, body, request.signal);
      if (request.signal.aborted) {
        return;
      }
      if (isWithoutFigures(answer)) {
        this.#asker.withoutFigures(answer);
      } else {
        this.#asker.answered(answer);
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

/** Whether an answer is the verdict on a job that has no figures, or does not even start. */
function isWithoutFigures(answer: unknown): answer is WithoutFigures {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "kind" in answer &&
    (answer.kind === "not_modelled" || answer.kind === "no_room")
  );
}
