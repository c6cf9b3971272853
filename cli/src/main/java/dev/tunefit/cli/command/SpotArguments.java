package dev.tunefit.cli.command;

import dev.tunefit.answers.request.SpotFlags;
import dev.tunefit.core.cost.SpotTerms;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** How often spot machines are taken away, on the command line. */
final class SpotArguments {

  private SpotArguments() {}

  static void addTo(CommandSpec spec) {
    spec.addOption(
        Options.text(
            SpotFlags.INTERRUPTIONS_EVERY,
            "TIME",
            "Mean time until a spot machine is taken away, as in 4h or 7d."
                + " Default: 24h, a choice and no measurement."));
    spec.addOption(
        Options.text(
            SpotFlags.CHECKPOINT_EVERY,
            "TIME",
            "Longest time between checkpoints on spot. Default: that of Young and Daly."));
    spec.addOption(
        Options.text(
            SpotFlags.RESTART,
            "TIME",
            "Time until a new machine trains again. Default: that of the start."));
  }

  static SpotTerms read(ParseResult arguments) {
    return SpotFlags.read(
        Options.value(arguments, SpotFlags.INTERRUPTIONS_EVERY),
        Options.value(arguments, SpotFlags.CHECKPOINT_EVERY),
        Options.value(arguments, SpotFlags.RESTART));
  }
}
