package dev.vramcast.formats.training.loop;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.module.Imports;
import dev.vramcast.formats.python.module.Imports.Import;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
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
    List<Import> imports = Imports.of(text);
    boolean bitsandbytes =
        call.name().matches("(?:bnb|bitsandbytes)\\..*")
            || call.name().equals(kind) && isFrom("bitsandbytes", kind, imports);
    boolean old = kind.equals("AdamW") && isFrom("transformers", kind, imports);
    boolean torch = isFrom("torch", kind, imports);
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

  /** Whether a name is, or stands for, what is imported from a package. */
  private static boolean isFrom(String library, String kind, List<Import> imports) {
    return imports.stream()
        .filter(each -> each.dots() == 0)
        .filter(each -> each.module().equals(library) || each.module().startsWith(library + "."))
        .anyMatch(each -> each.name().equals(kind) || each.as().equals(kind));
  }

  private static boolean isNothing(@Nullable Node node) {
    return node == null
        || node.isNull()
        || Boolean.FALSE.equals(node.value())
        || node.value() instanceof BigDecimal number && number.signum() == 0;
  }
}
