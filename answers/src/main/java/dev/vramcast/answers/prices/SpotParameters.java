package dev.vramcast.answers.prices;

import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.request.SpotFlags;
import dev.vramcast.core.cost.SpotTerms;
import java.util.List;

/** How often spot machines are taken away. */
public final class SpotParameters {

  private static final Parameter INTERRUPTIONS_EVERY =
      Parameter.text(
          SpotFlags.INTERRUPTIONS_EVERY,
          "TIME",
          "Mean time until a spot machine is taken away, as in 4h or 7d."
              + " Default: 24h, a choice and no measurement.");
  private static final Parameter CHECKPOINT_EVERY =
      Parameter.text(
          SpotFlags.CHECKPOINT_EVERY,
          "TIME",
          "Longest time between checkpoints on spot. Default: that of Young and Daly.");
  private static final Parameter RESTART =
      Parameter.text(
          SpotFlags.RESTART,
          "TIME",
          "Time until a new machine trains again. Default: that of the start.");

  public static final List<Parameter> ALL = List.of(INTERRUPTIONS_EVERY, CHECKPOINT_EVERY, RESTART);

  private SpotParameters() {}

  public static SpotTerms read(Given given) {
    return SpotFlags.read(
        given.value(INTERRUPTIONS_EVERY), given.value(CHECKPOINT_EVERY), given.value(RESTART));
  }
}
