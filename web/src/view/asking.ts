import { Question, wordsOf } from "../api/question.ts";
import type { Posted } from "../generated/requests.ts";
import { busy } from "../dom.ts";
import { labelOf } from "../knob/table.ts";

/** Shows an answer, or a sentence in its place. */
export interface View<Answer> {
  readonly show: (answer: Answer) => void;
  readonly empty: (why: string) => void;
}

/** A question whose answer a view shows, or why there is nothing to show. */
export function asking<Name extends keyof Posted, Answer extends Posted[Name]["answer"]>(
  name: Name,
  place: string,
  view: View<Answer>,
): Question<Name, Answer> {
  return new Question<Name, Answer>(name, {
    waiting: () => busy(place, true),
    answered: (answer) => shown(place, () => view.show(answer)),
    withoutFigures: (verdict) => shown(place, () => view.empty(wordsOf(verdict))),
    failed: (problem) => shown(place, () => view.empty(problem.line(labelOf))),
  });
}

/** Shows what a place waited for. */
export function shown(place: string, show: () => void): void {
  show();
  busy(place, false);
}
