package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.Choices;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adapters of PEFT other than LoRA that a program makes, and what they are told. */
final class Tuners {

  /**
   * A kind of adapters.
   *
   * @param arguments keys of the arguments that it alone has
   * @param rank where the program says none; 0 where there is none
   */
  private record Tuner(String method, Map<String, String> arguments, int rank) {}

  private static final String FEEDFORWARD = "feedforward_modules";

  /** By the class of their configuration, with the ranks of peft/tuners, config.py. */
  private static final Map<String, Tuner> TUNERS =
      Map.of(
          "OFTConfig",
          new Tuner("oft", Map.of("oft_block_size", "oft_block_size", "r", "oft_rank"), 0),
          "IA3Config",
          new Tuner("ia3", Map.of(FEEDFORWARD, FEEDFORWARD), 0),
          "VeraConfig",
          new Tuner("vera", Map.of("r", "lora_r", "vera_dropout", "lora_dropout"), 256),
          "LoHaConfig",
          new Tuner("loha", Map.of("r", "lora_r", "alpha", "lora_alpha"), 8),
          "LoKrConfig",
          new Tuner("lokr", Map.of("r", "lora_r", "alpha", "lora_alpha"), 8),
          "MissConfig",
          new Tuner("miss", Map.of("r", "lora_r", "miss_dropout", "lora_dropout"), 64));

  private static final Map<String, String> OF_ALL =
      Map.of("target_modules", "lora_target_modules", "modules_to_save", "lora_modules_to_save");

  /** What changes adapters in a way that is not described, unless it is off. */
  private static final List<String> OTHERS =
      List.of(
          "rank_dropout", "module_dropout", "decompose_both", "decompose_factor", "init_weights");

  private Tuners() {}

  /** Puts the arguments of a configuration under keys of their own. */
  static void put(TrainingFile file, Node kind, Map<String, Node> keys) {
    keys.put(Adapters.OTHER, kind);
    String call = String.valueOf(kind.value());
    Tuner tuner = TUNERS.get(call);
    if (tuner == null) {
      return;
    }
    if (tuner.rank() > 0) {
      keys.put("lora_r", new Node.Scalar(BigDecimal.valueOf(tuner.rank()), kind.mark()));
    }
    Map<String, String> arguments = new HashMap<>(OF_ALL);
    arguments.putAll(tuner.arguments());
    OTHERS.forEach(name -> arguments.put(name, name));
    arguments.forEach(
        (argument, key) -> file.node(call + "." + argument).ifPresent(node -> keys.put(key, node)));
  }

  /** The method of a configuration's class, where it is described. */
  static Optional<String> method(Setting kind) {
    return Optional.ofNullable(TUNERS.get(kind.shown())).map(Tuner::method);
  }

  /** Takes what the job document has a key for. */
  static void shape(JobBuilder job, Setting kind) {
    job.take("oft_block_size", JobKey.BLOCK_SIZE);
    job.get("oft_rank")
        .filter(rank -> !rank.isIdle())
        .ifPresent(
            rank ->
                job.notModelled(
                    JobKey.BLOCK_SIZE,
                    Gap.of("r ", rank.shown(), " of OFTConfig").modelled("oft_block_size")));
    if (kind.shown().equals("IA3Config")) {
      scaled(job);
    }
    for (String other : OTHERS) {
      job.get(other)
          .filter(value -> !value.isIdle() && !value.shown().equals("-1"))
          .filter(value -> !value.shown().equals("true"))
          .ifPresent(
              value ->
                  job.notModelled(
                      JobKey.METHOD,
                      Gap.of(other, " ", value.shown(), " of ", kind.shown())
                          .modelled("its default")));
    }
  }

  /** What is scaled where nobody says, is a table of PEFT's by model types. */
  private static void scaled(JobBuilder job) {
    if (job.get("lora_target_modules").isEmpty()) {
      job.notModelled(
          JobKey.LORA_TARGETS,
          Gap.of("IA3Config without target_modules").modelled("target_modules"));
    }
    job.get(FEEDFORWARD)
        .ifPresent(
            modules -> {
              if (modules.node() instanceof Node.Scalar) {
                job.notModelled(
                    JobKey.FEEDFORWARD,
                    Gap.of("a pattern for feedforward_modules").modelled("a list of names"));
              } else {
                job.put(JobKey.FEEDFORWARD, modules.words(), modules);
              }
            });
  }

  /** Says that a trainer may be given adapters of which the program shows nothing. */
  static void unseen(JobBuilder job, TrainingFile file) {
    boolean given =
        file.form() == Form.PROGRAM
            && file.root().fields().keySet().stream()
                .filter(call -> call.endsWith("Trainer"))
                .flatMap(trainer -> file.node(trainer + ".peft_config").stream())
                .anyMatch(made -> made.value() instanceof String);
    if (given && job.is(JobKey.METHOD, "full")) {
      job.assume(
          JobKey.METHOD,
          "the program does not show what adapters its trainer is given, and none are counted; ",
          JobKey.METHOD,
          " says otherwise");
    }
  }

  /**
   * Adapters that PEFT leaves in the dtype of the layers that they are put on
   * (peft/mapping_func.py).
   */
  static void narrow(JobBuilder job, TrainingFile file) {
    file.node("get_peft_model.autocast_adapter_dtype")
        .filter(asked -> job.is(JobKey.MODEL_DTYPE, "bf16"))
        .filter(asked -> !job.has(JobKey.QUANTIZATION_SCHEME))
        .map(asked -> new Setting(file.name(), "autocast_adapter_dtype", asked))
        .map(asked -> Choices.taken(job, asked))
        .filter(asked -> Boolean.FALSE.equals(asked.node().value()))
        .ifPresent(asked -> job.put(JobKey.LORA_DTYPE, "bf16", asked));
  }

  /**
   * Adapters of which the program does not say more: trained before and going on, or made of a
   * configuration that another module holds.
   */
  static Optional<Node> elsewhere(TrainingFile file) {
    boolean held =
        file.root().fields().keySet().stream()
            .anyMatch(call -> call.endsWith("Config") && call.matches(".*(?:Lora|Adapter|IA3).*"));
    return file.node(TrainingFile.ADAPTED + ".is_trainable")
        .filter(trains -> Boolean.TRUE.equals(Choice.taken(trains)))
        .or(() -> file.root().at("get_peft_model").filter(call -> !held));
  }
}
