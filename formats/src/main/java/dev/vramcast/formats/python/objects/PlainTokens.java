package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.OneLiners;
import dev.vramcast.formats.python.flow.ParsedNames;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Tokens;
import dev.vramcast.input.tree.Node;
import java.util.List;

/** The pieces of a program without what changes no value. */
public final class PlainTokens {

  private PlainTokens() {}

  /**
   * The pieces in order.
   *
   * @param lines of source, each with the line of the file that it stands in
   */
  public static List<Token> of(List<Node.Scalar> lines) {
    List<Token> plain = TypeCasts.left(OneLiners.parted(Tokens.of(lines)));
    return ParsedNames.marked(GuardedDefaults.left(plain));
  }
}
