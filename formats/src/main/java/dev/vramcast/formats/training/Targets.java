package dev.vramcast.formats.training;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The modules that get adapters, as frameworks on PEFT name them. */
public final class Targets {

  /**
   * Why a quantised model without adapters is not trained ({@code
   * validate_quantization_for_training} of transformers' trainer.py).
   */
  public static final String ON_NOTHING_QUANTISED =
      "Transformers' Trainer stops at a quantised model that has no adapters";

  private static final String ALL_LINEAR = "all-linear";

  private static final Pattern OF_ONE_LAYER = Pattern.compile("(^|\\.)\\d+\\.");

  private Targets() {}

  /** As {@link #read}, of a setting that may be missing. */
  public static void take(JobBuilder builder, Optional<Setting> setting) {
    builder.reads(
        List.of(JobKey.LORA_TARGETS), () -> setting.ifPresent(found -> read(builder, found)));
  }

  /** Takes {@code all-linear}, a list of names, or one text that is a pattern for whole paths. */
  public static void read(JobBuilder builder, Setting setting) {
    if (setting.node() instanceof Node.Scalar && TargetPattern.isPattern(setting.text())) {
      pattern(builder, setting);
      return;
    }
    List<String> words = setting.words();
    if (words.isEmpty()) {
      return;
    }
    builder.put(
        JobKey.LORA_TARGETS,
        words.contains(ALL_LINEAR) || words.contains("all") ? List.of(ALL_LINEAR) : words,
        setting);
  }

  /** The same; PEFT adapts no module of an empty list beside parameters that are named. */
  public static void take(JobBuilder builder, Optional<Setting> setting, String parameters) {
    take(builder, setting);
    setting
        .filter(names -> names.node() instanceof Node.Items list && list.items().isEmpty())
        .filter(names -> builder.get(parameters).filter(p -> !p.words().isEmpty()).isPresent())
        .ifPresent(names -> builder.put(JobKey.LORA_TARGETS, List.of(), names));
  }

  /** Takes bare parameters, whichever layer has them; those of some layers are not counted. */
  public static void takeParameters(JobBuilder builder, String path) {
    builder
        .get(path)
        .filter(setting -> !setting.words().isEmpty())
        .ifPresent(
            setting ->
                builder.reads(
                    List.of(JobKey.TARGET_PARAMETERS), () -> parameters(builder, setting)));
  }

  private static void parameters(JobBuilder builder, Setting setting) {
    if (setting.words().stream().anyMatch(OF_ONE_LAYER.asPredicate())) {
      builder.say(
          FindingCode.NOT_COUNTED,
          setting,
          setting.key() + " names parameters of single layers, whose adapters are not counted");
    } else {
      builder.put(JobKey.TARGET_PARAMETERS, setting.words(), setting);
    }
  }

  private static void pattern(JobBuilder builder, Setting setting) {
    List<String> names = TargetPattern.names(setting.text());
    if (names.isEmpty()) {
      throw setting.unusable("names of modules, or a pattern that matches linear layers");
    }
    builder.put(JobKey.LORA_TARGETS, names, setting);
    boolean spares = TargetPattern.sparesTowers(setting.text());
    if (spares && !builder.has(JobKey.FROZEN)) {
      builder.put(JobKey.FROZEN, List.of(FrozenPart.TOWERS, FrozenPart.PROJECTORS), setting);
    }
    builder.say(
        FindingCode.NOT_COUNTED,
        setting,
        setting.key()
            + " is a pattern, counted as the modules "
            + String.join(", ", names)
            + (spares ? " of the language model" : " wherever they are"));
  }
}
