package dev.vramcast.core.plan.search;

import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.time.RunExtras;
import java.util.List;

/**
 * What is to be planned.
 *
 * @param job without GPU and count, with a sequence length and with the data of the run: {@code
 *     data.tokens}, or examples and what they hold
 * @param choices what may be chosen where the job leaves it open
 * @param rentals the machines that it may run on
 * @param extras what the run does beside training
 * @param terms of spot machines
 */
public record Question(
    JobDocument job,
    Choices choices,
    Rentals rentals,
    Limits limits,
    RunExtras extras,
    SpotTerms terms) {

  /** The same within other limits. */
  public Question within(Limits other) {
    return new Question(job, choices, rentals, other, extras, terms);
  }

  /** The same with other numbers of machines. */
  public Question on(List<Integer> machines) {
    return new Question(job, choices, rentals.on(machines), limits, extras, terms);
  }
}
