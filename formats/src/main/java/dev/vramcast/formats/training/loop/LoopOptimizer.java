package dev.vramcast.formats.training.loop;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The optimizer that a loop makes, by the name that the Trainer has for it. */
final class LoopOptimizer {

  private static final Pattern CLASS =
      Pattern.compile(
          "(?:\\w+\\.)*+(?:(?:Paged)?(?:AdamW|Adam|Lion)(?:8bit|32bit)?|SGD|Adafactor|RMSprop"
              + "|Adagrad|AdEMAMix\\w*|Muon|NAdam|RAdam|Adamax|LBFGS|SparseAdam|Sophia\\w*|CAME"
              + "|GaLore\\w*|Prodigy|DeepSpeedCPUAdam|FusedAdam|Lamb|LAMB|Adadelta)");

  /** By the class, where its states and its step are those of the Trainer's. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("AdamW", "adamw_torch"),
          Map.entry("Adam", "adamw_torch"),
          Map.entry("SGD", "sgd"),
          Map.entry("AdamW8bit", "adamw_bnb_8bit"),
          Map.entry("Adam8bit", "adamw_bnb_8bit"),
          Map.entry("PagedAdamW", "paged_adamw_32bit"),
          Map.entry("PagedAdamW32bit", "paged_adamw_32bit"),
          Map.entry("PagedAdamW8bit", "paged_adamw_8bit"),
          Map.entry("PagedAdam8bit", "paged_adamw_8bit"),
          Map.entry("Lion8bit", "lion_8bit"),
          Map.entry("PagedLion8bit", "paged_lion_8bit"),
          Map.entry("Adafactor", "adafactor"));

  /** Arguments that change what a step holds. */
  private static final Pattern OTHER =
      Pattern.compile("amsgrad|foreach|momentum|beta1|capturable|differentiable|optim_bits");

  private static final Pattern IMPORTED =
      Pattern.compile("from\\s+transformers(?:\\.optimization)?\\s+import\\s+[^\\n]*\\bAdamW\\b");

  private LoopOptimizer() {}

  static boolean isOne(Call call) {
    return CLASS.matcher(call.name()).matches();
  }

  /**
   * The Trainer's name; empty where no name of it stands for the same.
   *
   * @param text of the program
   */
  static Optional<Node> name(Call call, String text) {
    String kind = call.name().substring(call.name().lastIndexOf('.') + 1);
    boolean bitsandbytes = call.name().matches("(?:bnb|bitsandbytes)\\..*");
    boolean old = kind.equals("AdamW") && IMPORTED.matcher(text).find();
    boolean torch = text.matches("(?s).*from\\s+torch\\.optim\\s+import[^\\n]*Adafactor.*");
    boolean others =
        call.arguments().entrySet().stream()
            .anyMatch(
                given -> OTHER.matcher(given.getKey()).matches() && !isNothing(given.getValue()));
    boolean known =
        !others
            && !old
            && !(bitsandbytes && !kind.matches(".*(?:8bit|Paged).*|Paged.*"))
            && !(kind.equals("Adafactor") && (torch || call.name().startsWith("torch")));
    Optional<Node> fused =
        Optional.ofNullable(call.arguments().get("fused")).filter(given -> !isNothing(given));
    boolean told = fused.filter(given -> !Boolean.TRUE.equals(given.value())).isEmpty();
    String name = NAMES.getOrDefault(kind, "");
    if (!known || name.isEmpty() || !told) {
      return Optional.empty();
    }
    boolean fuses = fused.isPresent() && name.equals("adamw_torch");
    return Optional.of(new Node.Scalar(fuses ? "adamw_torch_fused" : name, call.mark()));
  }

  private static boolean isNothing(Node node) {
    return node.isNull()
        || Boolean.FALSE.equals(node.value())
        || node.value() instanceof BigDecimal number && number.signum() == 0;
  }
}
