package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.input.tree.Node;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code model.dtype} is of a model that the program loads. */
public final class LoadedDtype {

  private static final String LOADS = ".from_pretrained";

  /** Most checkpoints that people train are so. */
  private static final Choice OF_CHECKPOINT =
      new Choice("torch.bfloat16", "the checkpoint is in bf16");

  private static final String TORCH = "torch.";

  /** PyTorch's dtypes of weights by their names; casts of modules have the short ones. */
  private static final Map<String, String> NAMES =
      Map.of(
          "float16", "float16",
          "half", "float16",
          "bfloat16", "bfloat16",
          "float32", "float32",
          "float", "float32");

  private static final Set<String> CASTS = Set.of("half", "bfloat16", "float");

  private LoadedDtype() {}

  /** The dtype without {@code torch.} that a value names, which may be a text; empty for others. */
  public static Optional<String> named(@Nullable Object value) {
    return value instanceof String text
        ? Optional.ofNullable(
            NAMES.get(text.startsWith(TORCH) ? text.substring(TORCH.length()) : text))
        : Optional.empty();
  }

  private static Optional<String> torch(@Nullable Object value) {
    return named(value).map(TORCH::concat);
  }

  /**
   * A model is loaded, or something else that has no dtype.
   *
   * @param constants what names of the program stand for
   */
  public static void put(Call call, Map<String, Node> constants) {
    if (!call.name().endsWith(LOADS) || call.assigned().isEmpty()) {
      cast(call, constants);
      return;
    }
    String name = call.assigned() + ".dtype";
    Node told =
        Stream.of("dtype", "torch_dtype")
            .flatMap(key -> Optional.ofNullable(call.arguments().get(key)).stream())
            .findFirst()
            .orElse(new Node.Scalar(null, call.mark()));
    Object dtype = Choice.taken(told);
    if (dtype == null || dtype.equals("auto")) {
      constants.put(name, new Node.Scalar(OF_CHECKPOINT, told.mark()));
    } else if (torch(dtype).isPresent()) {
      Node known = new Node.Scalar(torch(dtype).get(), told.mark());
      constants.put(name, Choice.under(told, known));
    } else {
      constants.remove(name);
    }
  }

  /** {@code model.half()}, {@code model.to(torch.float16)} of a model that is known. */
  private static void cast(Call call, Map<String, Node> constants) {
    int dot = call.name().lastIndexOf('.');
    String name = dot < 0 ? "" : call.name().substring(0, dot) + ".dtype";
    if (!constants.containsKey(name)) {
      return;
    }
    String method = call.name().substring(dot + 1);
    Object dtype =
        method.equals("to")
            ? call.arguments().values().stream()
                .map(Choice::taken)
                .filter(given -> given instanceof String text && text.startsWith(TORCH))
                .findFirst()
                .<Object>map(given -> torch(given).orElse(String.valueOf(given)))
                .orElse(null)
            : CASTS.contains(method) ? torch(method).orElseThrow() : null;
    if (dtype != null) {
      Object value = call.outermost() ? dtype : new Choice(dtype, call.name() + "() runs");
      constants.put(name, new Node.Scalar(value, call.mark()));
    }
  }
}
