package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.zero.ZeroConfig;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Options of programs that hand a model to DeepSpeed's engine themselves, as DeepSpeed-Chat's
 * {@code main.py} (dschat/utils/ds_utils.py get_train_ds_config) and Safe-RLHF's modules do: the
 * stage and what the host keeps are told, and no file.
 */
final class EngineOptions {

  private static final String STAGE = "zero_stage";
  private static final String OFFLOAD = "offload";
  private static final String RANK = "lora_dim";
  private static final String ALONE = "only_optimize_lora";

  /** Tokens in front of a text that DeepSpeed-Chat's reward model leaves out. */
  private static final String REWARD = "num_padding_at_beginning";

  /** What DeepSpeed-Chat calls the folder of the program that trains it. */
  private static final String REWARD_FOLDER = "step2_";

  /** How often DeepSpeed-Chat and Safe-RLHF pass over their data, which is once by default. */
  private static final List<String> PASSES = List.of("num_train_epochs", "epochs", "num_epochs");

  /** Parts that the host keeps, in the words of Safe-RLHF (safe_rlhf/configs/constants.py). */
  private static final List<String> PARTS = List.of("parameter", "optimizer");

  private static final Map<String, String> DTYPES =
      Map.of(
          "bf16",
          "bfloat16",
          "fp16",
          "float16",
          "half",
          "float16",
          "fp32",
          "float32",
          "float",
          "float32");

  private EngineOptions() {}

  /** Whether a command tells a stage itself, and names no file of DeepSpeed's. */
  static boolean isOne(TrainingFile file) {
    return file.form() == Form.COMMAND
        && file.has(STAGE)
        && file.has("model_name_or_path")
        && file.node("deepspeed").filter(path -> path.value() instanceof String).isEmpty();
  }

  /** The command with the names that PEFT's examples have for the same. */
  static TrainingFile renamed(TrainingFile file) {
    if (!isOne(file)) {
      return file;
    }
    Map<String, Node> keys = new LinkedHashMap<>(file.root().fields());
    List.of("deepspeed", STAGE, OFFLOAD, ALONE, "lora_module_name", REWARD).forEach(keys::remove);
    Node rank = keys.remove(RANK);
    if (rank != null && !"0".equals(String.valueOf(rank.value())) && isAlone(file)) {
      keys.put("lora_r", rank);
      keys.put("use_peft", Node.Scalar.of(true, rank.mark()));
      keys.putIfAbsent("lora_target_modules", Node.Scalar.of("all-linear", rank.mark()));
    }
    if (PASSES.stream().noneMatch(keys::containsKey)) {
      keys.put("num_train_epochs", Node.Scalar.of(1, file.root().mark()));
    }
    Node dtype = dtype(keys.remove("bf16"), keys.remove("fp16"), keys.get("dtype"));
    keys.put("dtype", dtype == null ? Node.Scalar.of("float16", file.root().mark()) : dtype);
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  /** The type that options name; null where none does, which is fp16 to DeepSpeed-Chat. */
  private static @Nullable Node dtype(
      @Nullable Node bf16, @Nullable Node fp16, @Nullable Node named) {
    if (named != null) {
      String said = String.valueOf(named.value());
      String known = DTYPES.getOrDefault(said.toLowerCase(Locale.ROOT), said);
      return Node.Scalar.of(known, named.mark());
    }
    if (bf16 != null && isOn(bf16)) {
      return Node.Scalar.of("bfloat16", bf16.mark());
    }
    if (fp16 != null) {
      return Node.Scalar.of(isOn(fp16) ? "float16" : "float32", fp16.mark());
    }
    return bf16 == null ? null : Node.Scalar.of("float32", bf16.mark());
  }

  private static boolean isAlone(TrainingFile file) {
    return isOn(file.node(ALONE).orElse(null));
  }

  /** What the engine shards and keeps on the host. */
  static void read(JobBuilder job, TrainingFile file) {
    if (!isOne(file)) {
      return;
    }
    Setting stage = setting(file, STAGE).orElseThrow();
    job.put(JobKey.FRAMEWORK_NAME, "deepspeed", stage);
    job.reads(List.of(JobKey.STRATEGY), () -> ZeroConfig.stage(job, stage.whole(), stage));
    setting(file, OFFLOAD)
        .ifPresent(
            where -> job.reads(List.of(JobKey.OFFLOAD), () -> offload(job, where, stage.whole())));
    reward(file, stage)
        .ifPresent(
            model ->
                job.notModelled(
                    JobKey.STAGE,
                    model,
                    Gap.of("the reward model of DeepSpeed-Chat, which scores pairs of answers")
                        .needs("the memory of its head and of its loss over pairs")
                        .modelled(JobKey.STAGE, " reward of TRL")));
    job.say(
        FindingCode.ASSUMED,
        stage,
        "zero_stage is told without a file of DeepSpeed's: the program is counted as one that"
            + " hands its model to DeepSpeed's engine, with its own defaults");
    setting(file, RANK)
        .filter(rank -> !rank.isIdle())
        .ifPresent(rank -> adapters(job, rank, isAlone(file)));
  }

  /** Its layers keep their weights as they are, and nothing else (utils/module/lora.py). */
  private static void adapters(JobBuilder job, Setting rank, boolean alone) {
    if (alone) {
      job.say(
          FindingCode.NOT_COUNTED, rank, "adapters are counted as PEFT's, on all linear layers");
      return;
    }
    job.notModelled(
        JobKey.METHOD,
        rank,
        Gap.of(RANK, " without ", ALONE, ", which trains adapters with all but their layers")
            .needs("which layers have names with lora_module_name in them, and so are frozen")
            .modelled(RANK, " with ", ALONE));
  }

  private static Optional<Setting> reward(TrainingFile file, Setting stage) {
    boolean folder =
        file.command().stream()
            .flatMap(command -> command.words().stream())
            .anyMatch(word -> word.contains(REWARD_FOLDER));
    return setting(file, REWARD).or(() -> folder ? Optional.of(stage) : Optional.empty());
  }

  /** A switch, or {@code none}, {@code parameter}, {@code optimizer} and {@code all}. */
  private static void offload(JobBuilder job, Setting where, int stage) {
    String word = where.shown().toLowerCase(Locale.ROOT);
    boolean all = word.equals("true") || word.equals("all");
    if (!all && !where.isIdle() && !PARTS.contains(word)) {
      throw where.unusable("a switch, none, parameter, optimizer or all");
    }
    List<String> kept = new ArrayList<>();
    if (all || word.startsWith("optimizer")) {
      kept.add("optimizer");
    }
    if ((all || word.startsWith("parameter")) && stage > 2) {
      kept.add("parameters");
    }
    if (!kept.isEmpty() && stage > 0) {
      job.put(JobKey.OFFLOAD, kept, where);
    }
  }

  private static Optional<Setting> setting(TrainingFile file, String key) {
    return file.node(key).map(node -> new Setting(file.name(), key, node));
  }

  private static boolean isOn(@Nullable Node node) {
    return node != null && "true".equalsIgnoreCase(String.valueOf(node.value()));
  }
}
