package dev.vramcast.formats.training.container;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The rows of a YAML file, and in which of them a text begins. */
final class TextRows {

  /** The end of a row whose value stands in those below it. */
  private static final Pattern BLOCK = Pattern.compile(".*(:|-)\\s*[|>][+\\-\\d]*\\s*(#.*)?");

  private static final int LONGEST_HEAD = 1_000;

  private final List<String> rows;

  /** By line whether it begins a block; of a row with aliases each word asks again. */
  private final Map<Integer, Boolean> blocks = new HashMap<>();

  TextRows(String text) {
    this.rows = text.lines().toList();
  }

  List<String> all() {
    return rows;
  }

  /** Where a text begins; a block has the rows below its key. */
  Mark first(Node node) {
    boolean block = blocks.computeIfAbsent(node.line(), this::isBlock);
    return block ? Mark.of(node.line() + 1) : node.mark();
  }

  private boolean isBlock(int line) {
    String row = line < 1 || line > rows.size() ? "" : rows.get(line - 1);
    return row.length() <= LONGEST_HEAD && BLOCK.matcher(row).matches();
  }
}
