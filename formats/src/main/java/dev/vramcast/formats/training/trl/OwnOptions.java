package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.OwnSections;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What programs of people's own call the batch, its accumulation and its length, where no script of
 * Transformers or TRL has such an option and the program is not there to be read.
 */
final class OwnOptions {

  private static final String DEEPSPEED = "deepspeed";

  private static final String MODEL = "model_name";

  /** Other names for the model, beside arguments of the Trainer. */
  private static final List<String> MODELS = List.of("base_model", "model_id", "base_model_name");

  private static final String LENGTH = "cutoff_len";

  private static final String BATCH = "per_device_train_batch_size";

  private static final Map<String, List<String>> NAMES =
      Map.of(
          BATCH,
          List.of(
              "micro_train_batch_size",
              "micro_batch_size",
              "per_device_batch_size",
              "batch_size_per_gpu",
              "batch_size_per_device",
              "batch_size",
              "train_batch_size",
              "bs"),
          "gradient_accumulation_steps",
          List.of(
              "grad_accum",
              "grad_accum_steps",
              "gradient_accumulation",
              "accumulation_steps",
              "grad_acc",
              "grad_acc_steps",
              "accum_steps",
              "gradient_accumulation_step"),
          "max_length",
          List.of(
              "max_len",
              "max_seq_len",
              "max_sequence_length",
              "seq_len",
              "seq_length",
              "sequence_length",
              "context_length",
              LENGTH),
          "num_train_epochs",
          List.of("epochs", "num_epochs"),
          "lora_target_modules",
          List.of("target_modules", "lora_targets"),
          DEEPSPEED,
          List.of(
              "deepspeed_config", "deepspeed_config_file", "deepspeed_config_path", "ds_config"));

  /** Other names for lengths that scripts have, beside which none of these counts. */
  private static final List<String> LENGTHS =
      List.of("max_seq_length", "block_size", "model_max_length", "max_source_length");

  /** What tells by which method a program trains. */
  private static final Pattern KIND =
      Pattern.compile(
          "(?:train(?:ing)?|fine_?tun(?:e|ing)|tun(?:e|er|ing)|peft|adapter)"
              + "_(?:type|method|mode|strategy)|method|peft|adapter|tuner");

  private static final Pattern ADAPTERS = Pattern.compile("(?i)(?:custom_)?(q?lora|dora|rslora)");

  private static final Pattern FULL =
      Pattern.compile("(?i)full(?:[_-]?(?:fine[_-]?tun(?:e|ing)|param\\w*|ft|sft))?");

  /** Switches for adapters on a base in 4 bits. */
  private static final List<String> QLORA = List.of("use_qlora", "qlora", "enable_qlora");

  private OwnOptions() {}

  /** The command with the names that known scripts have for the same. */
  static TrainingFile renamed(TrainingFile file) {
    if (!isOwn(file)) {
      return file;
    }
    Map<String, Node> keys = new LinkedHashMap<>(file.root().fields());
    if (!file.has(MODEL)) {
      Optional.ofNullable(keys.remove(base(file))).ifPresent(model -> keys.put(MODEL, model));
    }
    NAMES.forEach(
        (known, names) -> own(file, known).ifPresent(n -> keys.put(known, keys.remove(n))));
    kind(file).ifPresent(kind -> method(kind, keys));
    switched(file)
        .ifPresent(
            on -> {
              keys.remove(on.key());
              keys.putIfAbsent("use_peft", on.node());
              keys.putIfAbsent("load_in_4bit", on.node());
            });
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  /** What the file calls its model, where that is a name that only programs of people have. */
  static String base(TrainingFile file) {
    boolean trainer =
        (file.form() == Form.TREE || starts(file))
            && OwnSections.ARGUMENTS.stream().filter(file::has).count()
                > (VisionSwitches.areIn(file) ? 0 : 1)
            && file.root().fields().values().stream().noneMatch(Node.Fields.class::isInstance);
    return MODELS.stream().filter(key -> trainer && file.has(key)).findFirst().orElse(MODEL);
  }

  /** Says which options were taken so. */
  static void say(JobBuilder job, TrainingFile file) {
    String key = file.has(MODEL) ? MODEL : base(file);
    settings(file)
        .flatMap(name -> file.node(key).map(model -> new Setting(name, key, model)))
        .ifPresent(
            model ->
                job.say(
                    FindingCode.NOT_FOLLOWED,
                    model,
                    key
                        + " is no key of TRL's or Transformers' scripts: the settings are taken"
                        + " as those of a program that is not known"));
    if (isOwn(file)) {
      kind(file)
          .or(() -> switched(file))
          .ifPresent(
              kind ->
                  job.say(
                      FindingCode.ASSUMED,
                      kind,
                      Shown.oneLine(kind.key())
                          + " of a program that is not known is counted as what it trains: "
                          + Shown.oneLine(kind.shown())));
      NAMES.forEach(
          (known, names) ->
              own(file, known)
                  .flatMap(name -> file.node(name).map(n -> new Setting(file.name(), name, n)))
                  .ifPresent(
                      option ->
                          job.say(
                              FindingCode.ASSUMED,
                              option,
                              Shown.oneLine(option.key())
                                  + " of a program that is not known is counted as "
                                  + known)));
    }
  }

  /**
   * What a file is called that holds settings of a program of somebody's own, and none of TRL's.
   */
  static Optional<String> settings(TrainingFile file) {
    boolean named = (file.has(MODEL) || file.has(base(file))) && !file.has("model_name_or_path");
    boolean own = file.form() == Form.TREE && (named || hasOwnBatch(file) || hasOwnLength(file));
    return own ? Optional.of(file.name()) : Optional.empty();
  }

  /** Whether a file says its batch by a name that the Trainer's programs do not have. */
  private static boolean hasOwnBatch(TrainingFile file) {
    return file.has("model_name_or_path")
        && !file.has(BATCH)
        && NAMES.getOrDefault(BATCH, List.of()).stream().anyMatch(file::has);
  }

  /** LLaMA-Factory's name, which no program of Transformers or TRL has. */
  private static boolean hasOwnLength(TrainingFile file) {
    return file.has("model_name_or_path") && own(file, "max_length").equals(Optional.of(LENGTH));
  }

  /** The option that tells the method, where no switch does. */
  private static Optional<Setting> kind(TrainingFile file) {
    boolean switched = Adapters.SWITCHES.stream().anyMatch(file::has);
    return file.root().fields().entrySet().stream()
        .filter(option -> !switched && KIND.matcher(option.getKey()).matches())
        .map(option -> new Setting(file.name(), option.getKey(), option.getValue()))
        .filter(option -> option.node().value() instanceof String)
        .filter(
            option ->
                ADAPTERS.matcher(option.shown()).matches()
                    || FULL.matcher(option.shown()).matches())
        .findFirst();
  }

  private static Optional<Setting> switched(TrainingFile file) {
    return QLORA.stream()
        .flatMap(key -> file.node(key).map(on -> new Setting(file.name(), key, on)).stream())
        .filter(on -> on.shown().equalsIgnoreCase("true"))
        .findFirst();
  }

  private static void method(Setting kind, Map<String, Node> keys) {
    Matcher adapters = ADAPTERS.matcher(kind.shown());
    boolean adapted = adapters.matches();
    keys.put("use_peft", Node.Scalar.of(adapted, kind.node().mark()));
    switch (adapted ? adapters.group(1).toLowerCase(Locale.ROOT) : "") {
      case "qlora" -> keys.putIfAbsent("load_in_4bit", Node.Scalar.of(true, kind.node().mark()));
      case "dora" -> keys.putIfAbsent("use_dora", Node.Scalar.of(true, kind.node().mark()));
      case "rslora" -> keys.putIfAbsent("use_rslora", Node.Scalar.of(true, kind.node().mark()));
      default -> {}
    }
  }

  private static Optional<String> own(TrainingFile file, String known) {
    boolean flag =
        known.equals(DEEPSPEED)
            && file.node(known).filter(on -> !(on.value() instanceof String)).isPresent();
    boolean told =
        file.has(known) && !flag
            || known.equals("max_length") && LENGTHS.stream().anyMatch(file::has);
    return told
        ? Optional.empty()
        : NAMES.getOrDefault(known, List.of()).stream().filter(file::has).findFirst();
  }

  /** Whether a file is a program's settings, or a command that {@link #starts} one. */
  private static boolean isOwn(TrainingFile file) {
    return settings(file).isPresent() || starts(file);
  }

  /** Whether a command starts a program, and none of TRL's own. */
  private static boolean starts(TrainingFile file) {
    return file.form() == Form.COMMAND
        && file.command()
            .filter(
                command ->
                    command.words().stream().anyMatch(word -> word.endsWith(".py"))
                        || command.words().contains("-m")
                        || command.launcher().containsKey("module"))
            .isPresent();
  }
}
