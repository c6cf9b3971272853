package dev.vramcast.formats.python.objects;

import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Parameters that a program takes out of what it trains by lines of its own. */
public final class FrozenParameters {

  /** What stands for training of biases alone, as BitFit does it (arXiv 2106.10199). */
  public static final String BIASES = "bias";

  /** All that is not told to be trained: by a value that may be false. */
  private static final Pattern FREEZES =
      Pattern.compile(
          "^[^#]*(?:\\brequires_grad(?:\\s*=\\s*False|_\\(\\s*False)"
              + "|\\w\\.requires_grad\\s*+=(?!=)\\s*+(?!True\\b)\\S)");

  private static final Pattern TELLS = Pattern.compile("\\.requires_grad(?:_\\s*+\\(|\\s*+=(?!=))");

  private static final Pattern OF_BIASES =
      Pattern.compile(
          "['\"]\\.?bias['\"]\\s*+(?:not\\s++)?in\\b|endswith\\(\\s*+['\"]\\.?bias['\"]");

  /** Rows above one that its condition is looked for in. */
  private static final int ABOVE = 2;

  private FrozenParameters() {}

  /**
   * Where a program first does so: false, or {@link #BIASES} where a condition on a bias decides
   * it; nothing where it does not.
   *
   * @param lines of its source
   */
  public static Optional<Node.Scalar> in(List<Node.Scalar> lines) {
    return lines.stream()
        .filter(line -> FREEZES.matcher(String.valueOf(line.value())).find())
        .findFirst()
        .map(line -> new Node.Scalar(ofBiases(lines) ? BIASES : (Object) false, line.mark()));
  }

  private static boolean ofBiases(List<Node.Scalar> lines) {
    return IntStream.range(0, lines.size())
        .filter(i -> TELLS.matcher(text(lines, i)).find())
        .anyMatch(
            i ->
                IntStream.rangeClosed(Math.max(0, i - ABOVE), i)
                    .anyMatch(row -> OF_BIASES.matcher(text(lines, row)).find()));
  }

  private static String text(List<Node.Scalar> lines, int at) {
    return String.valueOf(lines.get(at).value());
  }
}
