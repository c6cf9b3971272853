package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.input.tree.Node;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code model.dtype} is of a model that the program loads. */
public final class LoadedDtype {

  private static final String LOADS = ".from_pretrained";

  /** Most checkpoints that people train are so. */
  private static final Choice OF_CHECKPOINT =
      new Choice("torch.bfloat16", "the checkpoint is in bf16");

  private static final Map<String, String> CASTS =
      Map.of("half", "torch.float16", "bfloat16", "torch.bfloat16", "float", "torch.float32");

  private static final Set<String> NAMES = Set.of("float16", "bfloat16", "float32");

  private LoadedDtype() {}

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
    } else if (dtype instanceof String text && text.startsWith("torch.")) {
      constants.put(name, told);
    } else if (dtype instanceof String text && NAMES.contains(text)) {
      constants.put(name, Choice.under(told, new Node.Scalar("torch." + text, told.mark())));
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
                .filter(given -> given instanceof String text && text.startsWith("torch."))
                .findFirst()
                .orElse(null)
            : CASTS.get(method);
    if (dtype != null) {
      Object value = call.outermost() ? dtype : new Choice(dtype, call.name() + "() runs");
      constants.put(name, new Node.Scalar(value, call.mark()));
    }
  }
}
