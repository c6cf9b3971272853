package dev.vramcast.formats.training.unsloth;

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
    Optional<Node> second =
        Stream.of("1", "peft_config")
            .flatMap(name -> Optional.ofNullable(call.fields().get(name)).stream())
            .findFirst();
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
}
