package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.input.tree.Node;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code model.dtype} is of a model that the program loads. */
public final class LoadedDtype {

  private static final String LOADS = ".from_pretrained";

  /** Most checkpoints that people train are so. */
  private static final Choice OF_CHECKPOINT =
      new Choice("torch.bfloat16", "the checkpoint is in bf16");

  private LoadedDtype() {}

  /**
   * A model is loaded, or something else that has no dtype.
   *
   * @param constants what names of the program stand for
   */
  public static void put(Call call, Map<String, Node> constants) {
    if (!call.name().endsWith(LOADS) || call.assigned().isEmpty()) {
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
    } else {
      constants.remove(name);
    }
  }
}
