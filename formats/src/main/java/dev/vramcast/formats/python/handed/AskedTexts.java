package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.module.CutRows;
import dev.vramcast.input.tree.Node;
import java.util.List;

/** Calls of a tokenizer that cut what a model is asked, and not what it is trained on. */
public final class AskedTexts {

  private AskedTexts() {}

  /** Drops those, where another call cuts rows. */
  public static List<Call> without(List<Call> calls) {
    boolean cuts =
        calls.stream()
            .anyMatch(
                call ->
                    call.is(CutRows.TOKENIZES)
                        && CutRows.isCut(new Node.Fields(call.arguments(), call.mark()))
                        && !asks(call, calls));
    return calls.stream().filter(call -> !(cuts && asks(call, calls))).toList();
  }

  /** Tensors that {@code generate} is handed in the same function. */
  private static boolean asks(Call call, List<Call> calls) {
    return call.is(CutRows.TOKENIZES)
        && call.arguments().containsKey("return_tensors")
        && !call.function().isEmpty()
        && calls.stream()
            .anyMatch(
                other ->
                    other.is("generate")
                        && other.function().equals(call.function())
                        && other.line() >= call.line()
                        && other.mark().source().equals(call.mark().source()));
  }
}
