package dev.vramcast.core.plan.search;

import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.setting.Setting;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.TimeEstimate;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a machine is paid for.
 *
 * @param extras what the run does beside training
 * @param terms of spot machines
 * @param tokens of the run, without padding
 */
public record BilledTime(Purchase purchase, RunExtras extras, SpotTerms terms, double tokens) {

  /**
   * From the start of the machine to the end of the run, on spot with what interruptions cost on
   * average.
   *
   * @param setting with its work, that of the whole run
   * @return empty when the run is hopeless
   */
  Optional<Span> of(TimeEstimate speed, Setting setting) {
    RunEstimate run = run(speed, setting);
    try {
      Work paid = Work.of(speed, run, tokens);
      return purchase == Purchase.ON_DEMAND
          ? Optional.of(new Span(paid.total(), paid.high()))
          : SpotRun.of(paid, across(setting))
              .flatMap(
                  usual ->
                      SpotRun.of(paid.slow(), across(setting))
                          .map(slow -> new Span(usual.expected(), slow.expected())));
    } catch (InputException tooLong) {
      return Optional.empty();
    }
  }

  /**
   * For how long a machine is paid.
   *
   * @param slow where training is as slow as the slowest of ten runs
   */
  record Span(Duration billed, Duration slow) {}

  /** The run undisturbed. */
  public RunEstimate run(TimeEstimate speed, Setting setting) {
    return RunEstimator.estimate(speed, setting.job(), setting.work(), extras);
  }

  /** The run as spot machines disturb it; empty on demand. */
  public Optional<SpotRun> spot(TimeEstimate speed, RunEstimate run, Setting setting) {
    return purchase == Purchase.ON_DEMAND
        ? Optional.empty()
        : SpotRun.of(Work.of(speed, run, tokens), across(setting));
  }

  private SpotTerms across(Setting setting) {
    return terms.across(setting.job().parallelism().nodes());
  }
}
