package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.document.OptimizerWords;
import dev.vramcast.core.job.document.OptimizerWords.Meaning;
import dev.vramcast.core.job.document.OptimizerWords.StandIn;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Transformers' names of optimizers. */
public final class Optimizers {

  private static final String DEEPSPEED = OptimizerImplementation.DEEPSPEED.label();

  private Optimizers() {}

  /** A name, and whose code runs the optimizer that is called so. */
  public record Named(String word, OptimizerImplementation implementation) {}

  /**
   * The name of an optimizer with an implementation, or the first with another one where there is
   * none; empty when no name stands for the update rule.
   */
  public static Optional<Named> named(
      OptimizerName optimizer, OptimizerImplementation implementation) {
    List<Named> names =
        OptimizerWords.all().entrySet().stream()
            .filter(each -> each.getValue().name() == optimizer)
            .map(each -> new Named(each.getKey(), each.getValue().implementation()))
            .toList();
    return names.stream()
        .filter(named -> named.implementation() == implementation)
        .findFirst()
        .or(() -> names.stream().findFirst());
  }

  /** Takes an optimizer by its name, unless DeepSpeed's own file names one. */
  public static void read(JobBuilder builder, Setting setting) {
    String word = setting.word();
    Optional<StandIn> instead = Optional.ofNullable(OptimizerWords.standIns().get(word));
    Meaning meaning =
        instead
            .map(StandIn::meaning)
            .or(() -> Optional.ofNullable(OptimizerWords.all().get(word)))
            .orElseThrow(
                () -> setting.unusable("the names of transformers' OptimizerNames", word, names()));
    String name = meaning.name().label();
    if (builder.is(JobKey.OPTIMIZER_IMPLEMENTATION, DEEPSPEED)) {
      if (!builder.is(JobKey.OPTIMIZER_NAME, name)) {
        builder.say(
            FindingCode.IGNORED_KEY,
            setting,
            setting.key() + " does nothing: DeepSpeed's file has an optimizer of its own");
      }
      return;
    }
    builder.put(JobKey.OPTIMIZER_NAME, name, setting);
    builder.put(JobKey.OPTIMIZER_IMPLEMENTATION, meaning.implementation().label(), setting);
    if (meaning.name() == OptimizerName.GALORE && !builder.has(JobKey.METHOD)) {
      builder.put(JobKey.METHOD, "galore", setting);
    }
    instead.ifPresent(
        standIn ->
            builder.say(
                FindingCode.NOT_COUNTED,
                setting,
                setting.key() + " is " + word + ": " + standIn.reason()));
  }

  private static Set<String> names() {
    Set<String> names = new LinkedHashSet<>(OptimizerWords.all().keySet());
    names.addAll(OptimizerWords.standIns().keySet());
    return names;
  }
}
