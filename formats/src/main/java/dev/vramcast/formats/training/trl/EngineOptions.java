package dev.vramcast.formats.training.trl;

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
    List.of("deepspeed", STAGE, OFFLOAD, ALONE, "lora_module_name").forEach(keys::remove);
    Node rank = keys.remove(RANK);
    if (rank != null && !"0".equals(String.valueOf(rank.value())) && file.has(ALONE)) {
      keys.put("lora_r", rank);
      keys.put("use_peft", Node.Scalar.of(true, rank.mark()));
      keys.putIfAbsent("lora_target_modules", Node.Scalar.of("all-linear", rank.mark()));
    }
    String dtype = isOn(keys.remove("bf16")) ? "bf16" : isOn(keys.remove("fp16")) ? "fp16" : "";
    Node named = keys.remove("dtype");
    String said = named == null ? dtype : String.valueOf(named.value()).toLowerCase(Locale.ROOT);
    // Its --dtype is fp16 where nothing is said (step1_supervised_finetuning/main.py).
    keys.put(
        "dtype", Node.Scalar.of(said.startsWith("b") ? "bfloat16" : "float16", file.root().mark()));
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  /** What the engine shards and keeps on the host. */
  static void read(JobBuilder job, TrainingFile file) {
    if (!isOne(file)) {
      return;
    }
    Setting stage = setting(file, STAGE).orElseThrow();
    job.put(JobKey.FRAMEWORK_NAME, "deepspeed", stage);
    job.reads(List.of(JobKey.STRATEGY), () -> ZeroConfig.stage(job, stage.whole(), stage));
    setting(file, OFFLOAD).ifPresent(where -> offload(job, where, stage.whole()));
    job.say(
        FindingCode.ASSUMED,
        stage,
        "zero_stage is told without a file of DeepSpeed's: the program is counted as one that"
            + " hands its model to DeepSpeed's engine, with its own defaults");
    setting(file, RANK)
        .filter(rank -> !rank.isIdle())
        .ifPresent(
            rank ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    rank,
                    file.has(ALONE)
                        ? "adapters are counted as PEFT's, on all linear layers"
                        : "all of the model is trained, and adapters beside it are not counted"));
  }

  /** A switch, or {@code none}, {@code parameter}, {@code optimizer} and {@code all}. */
  private static void offload(JobBuilder job, Setting where, int stage) {
    String word = where.shown().toLowerCase(Locale.ROOT);
    boolean all = word.equals("true") || word.equals("all");
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
