package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.zero.ZeroConfig;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The key with which a framework names a DeepSpeed configuration: a file, or its content. */
public final class DeepSpeedKey {

  /** As in {@code zero3_bf16_cpuoffload_all.json} and {@code ds_z2_offload_config.json}. */
  private static final Pattern STAGE =
      Pattern.compile("(?:zero|stage|z)[_-]?(?:stage)?[_-]?([0-3])(?!\\d)");

  /** {@code stage3_no_offloading_accelerate.conf} says the opposite. */
  private static final Pattern OFFLOADS =
      Pattern.compile("(?<!no[_-])(?<!non[_-])(?<!without[_-])(?<!no)offload");

  private DeepSpeedKey() {}

  /** Reads the configuration; a file that is not there is known by its name, if that says it. */
  public static void read(JobBuilder builder, Setting setting, SiblingFiles siblings) {
    if (setting.node() instanceof Node.Fields fields) {
      ZeroConfig.read(builder, setting.file(), setting.key() + ".", fields);
      halves(builder, setting.file(), fields);
      return;
    }
    String path = setting.text();
    Optional<TrainingFile> file = siblings.find(path).or(() -> given(siblings));
    if (file.isPresent()) {
      ZeroConfig.read(builder, file.get().name(), "", file.get().root());
      halves(builder, file.get().name(), file.get().root());
    } else {
      byName(builder, setting, path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT));
    }
  }

  /**
   * The engine computes in what its file says, where the command says nothing; the Trainer refuses
   * that (transformers/integrations/deepspeed.py, fill_match).
   */
  private static void halves(JobBuilder builder, String file, Node.Fields root) {
    boolean told =
        Stream.of("bf16", "fp16", "mixed_precision").anyMatch(key -> builder.get(key).isPresent());
    // TRL turns bf16 on by itself (trl/trainer/base_config.py), which is what the file says then.
    boolean on = builder.is(JobKey.FRAMEWORK_NAME, "trl") && !builder.isBefore(0, 22);
    for (String half : on ? List.of("fp16") : List.of("bf16", "fp16")) {
      root.at(half + ".enabled")
          .filter(at -> Boolean.TRUE.equals(at.value()))
          .filter(at -> !told && !builder.has(JobKey.PRECISION))
          .map(at -> new Setting(file, half + ".enabled", at))
          .ifPresent(
              at -> {
                builder.put(JobKey.PRECISION, half + "-mixed", at);
                builder.say(
                    FindingCode.CONTRADICTION,
                    at,
                    "the job's own arguments ask for no ",
                    half,
                    ", which DeepSpeed's file does and which is counted: the Trainer refuses that");
              });
    }
  }

  private static Optional<TrainingFile> given(SiblingFiles siblings) {
    return siblings.given().stream().filter(file -> file.has("zero_optimization")).findFirst();
  }

  private static void byName(JobBuilder builder, Setting setting, String name) {
    Matcher stage = STAGE.matcher(name);
    if (!stage.find()) {
      throw setting.missingFile();
    }
    ZeroConfig.stage(builder, Integer.parseInt(stage.group(1)), setting);
    List<String> offload = new ArrayList<>();
    if (OFFLOADS.matcher(name).find()) {
      offload.add("optimizer");
      if (stage.group(1).equals("3") && !name.contains("optim")) {
        offload.add("parameters");
      }
      builder.put(JobKey.OFFLOAD, offload, setting);
    }
    builder.say(
        FindingCode.NOT_COUNTED,
        setting,
        setting.key()
            + " is a file that is not there; its name says ZeRO stage "
            + stage.group(1)
            + (offload.isEmpty() ? "" : " with offloaded " + String.join(" and ", offload)));
  }
}
