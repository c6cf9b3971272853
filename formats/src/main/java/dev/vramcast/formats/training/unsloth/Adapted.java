package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The call that puts adapters on a model of Unsloth's. */
final class Adapted {

  static final String CALL = "get_peft_model";

  private static final String CONFIGURATION = "LoraConfig";

  /** peft/tuners/lora/config.py LoraConfig. */
  private static final BigDecimal PEFTS_RANK = BigDecimal.valueOf(8);

  private Adapted() {}

  /**
   * Its arguments by Unsloth's names; those of {@code LoraConfig} where PEFT's function of the same
   * name is called with one. Empty where nothing puts adapters on.
   */
  static Optional<Node> in(TrainingFile file) {
    Optional<Node> said = file.node(CALL);
    if (!(said.orElse(null) instanceof Node.Fields call)) {
      return said;
    }
    Optional<Node> second = second(call);
    if (second.isEmpty()) {
      return said;
    }
    Map<String, Node> arguments = new LinkedHashMap<>(call.fields());
    if (second.get().value() instanceof Number) {
      arguments.putIfAbsent("r", second.get());
    } else if (file.node(CONFIGURATION).orElse(null) instanceof Node.Fields told) {
      arguments.putAll(told.fields());
      arguments.putIfAbsent("r", new Node.Scalar(PEFTS_RANK, told.mark()));
    }
    return Optional.of(new Node.Fields(arguments, call.mark()));
  }

  /** What stands behind the model: a rank of Unsloth's, or a configuration of PEFT's. */
  private static Optional<Node> second(Node.Fields call) {
    return Stream.of("1", "peft_config")
        .flatMap(name -> Optional.ofNullable(call.fields().get(name)).stream())
        .findFirst();
  }

  /**
   * PEFT's own function on a model of Unsloth's: the layers of PEFT run, for only Unsloth's
   * get_peft_model puts its kernels in their place (patch_peft_model of unsloth/models/llama.py)
   * and turns its checkpointing on.
   */
  static void apart(JobBuilder job, TrainingFile program) {
    boolean pefts =
        program.node(CALL).orElse(null) instanceof Node.Fields call
            && second(call).filter(node -> !(node.value() instanceof Number)).isPresent();
    if (pefts) {
      job.get(CALL)
          .ifPresent(
              call ->
                  job.notModelled(
                      JobKey.FRAMEWORK_NAME,
                      call,
                      Gap.of("PEFT's own get_peft_model on a model of Unsloth's")
                          .needs("what Unsloth's layers keep beside PEFT's adapters")
                          .modelled("FastLanguageModel.get_peft_model with the same settings")));
    }
  }
}
