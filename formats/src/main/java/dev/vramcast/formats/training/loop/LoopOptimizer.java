package dev.vramcast.formats.training.loop;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
      Pattern.compile("amsgrad|maximize|momentum|beta1|capturable|differentiable|optim_bits");

  /** Decay that is added to the gradients, which makes one more of each. */
  private static final Set<String> COUPLED = Set.of("Adam", "SGD");

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
    boolean bitsandbytes =
        call.name().matches("(?:bnb|bitsandbytes)\\..*")
            || call.name().equals(kind) && isFrom("bitsandbytes", kind, text);
    boolean old = kind.equals("AdamW") && isFrom("transformers", kind, text);
    boolean torch = isFrom("torch", kind, text);
    boolean others =
        call.arguments().entrySet().stream()
                .anyMatch(
                    given ->
                        OTHER.matcher(given.getKey()).matches() && !isNothing(given.getValue()))
            || Boolean.FALSE.equals(value(call, "foreach"))
            || COUPLED.contains(kind) && !isNothing(call.arguments().get("weight_decay"))
            || ofPart(kind, text);
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

  private static @Nullable Object value(Call call, String key) {
    Node given = call.arguments().get(key);
    return given == null ? null : given.value();
  }

  /** Whether the parameters of a part of a model alone are handed on. */
  private static boolean ofPart(String kind, String text) {
    return Pattern.compile(
            "\\b"
                + kind
                + "\\s*+\\(\\s*+(?:params\\s*+=\\s*+)?+(?:self\\.)?+\\w*model\\w*+"
                + "(?:\\.\\w++){1,9}\\.parameters\\s*+\\(")
        .matcher(text)
        .find();
  }

  /** Whether a name is imported from a package, over one row or in brackets. */
  private static boolean isFrom(String module, String kind, String text) {
    return Pattern.compile(
            "(?m)^\\s*+from\\s++"
                + module
                + "(?:\\.[\\w.]++)?+\\s++import\\s++(?:\\([^)]{0,2000}?|[^\\n(]{0,500}?)\\b"
                + kind
                + "\\b")
        .matcher(text)
        .find();
  }

  private static boolean isNothing(@Nullable Node node) {
    return node == null
        || node.isNull()
        || Boolean.FALSE.equals(node.value())
        || node.value() instanceof BigDecimal number && number.signum() == 0;
  }
}
