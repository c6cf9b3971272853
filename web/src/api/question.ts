import type { Body } from "./bodies.ts";
import { isSuperseded, post, Problem } from "./client.ts";

/** Who shows what became of a question. */
export interface Asker<Answer> {
  readonly waiting?: () => void;
  readonly answered: (answer: Answer) => void;
  readonly failed: (problem: Problem) => void;
}

/** One kind of request, of which only the newest counts. An answered body is not asked again. */
export class Question<Answer> {
  readonly #name: string;
  readonly #delayMillis: number;
  readonly #asker: Asker<Answer>;
  #request: AbortController | null = null;
  #timer = 0;
  #body = "";

  constructor(name: string, delayMillis: number, asker: Asker<Answer>) {
    this.#name = name;
    this.#delayMillis = delayMillis;
    this.#asker = asker;
  }

  ask(body: Body): void {
    const text = JSON.stringify(body);
    if (text === this.#body) {
      return;
    }
    this.drop();
    this.#body = text;
    this.#asker.waiting?.();
    this.#timer = window.setTimeout(() => void this.#send(body), this.#delayMillis);
  }

  /** Ends what is under way, and forgets what was answered. */
  drop(): void {
    window.clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
    this.#body = "";
  }

  async #send(body: Body): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const answer = await post<Answer>(this.#name, body, request.signal);
      if (!request.signal.aborted) {
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
      this.#asker.failed(error);
    }
  }
}
