package dev.vramcast.formats.training.text;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that a command sets by {@code key=value}, {@code +key=value} or {@code ++key=value}. */
public final class Values {

  private static final Pattern VALUE =
      Pattern.compile("\\+{0,2}([A-Za-z_][\\w.]{0,300})=(.*)", Pattern.DOTALL);

  private static final int DEEPEST = 20;

  private Values() {}

  static Node.Fields of(List<Word> words) {
    Node.Fields all = tree(words.get(0).line());
    for (Word word : words) {
      Matcher value = VALUE.matcher(word.text());
      if (value.matches() && value.group(1).chars().filter(c -> c == '.').count() < DEEPEST) {
        put(all, value.group(1), new Node.Scalar(value.group(2), word.line()));
      }
    }
    return all;
  }

  /** An empty tree that {@link #put} fills. */
  static Node.Fields tree(int line) {
    return new Node.Fields(new LinkedHashMap<>(), line);
  }

  /** Puts a value under a path of a tree, whose sections are made where they are not there. */
  static void put(Node.Fields tree, String path, Node value) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      tree.fields().put(path, value);
      return;
    }
    String name = path.substring(0, dot);
    Node.Fields inner =
        tree.fields().get(name) instanceof Node.Fields section ? section : tree(value.line());
    tree.fields().put(name, inner);
    put(inner, path.substring(dot + 1), value);
  }

  /** A tree with another one over it: where both have a section, both count. */
  public static Node.Fields over(Node.Fields below, Node.Fields above) {
    Map<String, Node> fields = new LinkedHashMap<>(below.fields());
    above
        .fields()
        .forEach(
            (name, node) ->
                fields.put(
                    name,
                    node instanceof Node.Fields section
                            && fields.get(name) instanceof Node.Fields under
                        ? over(under, section)
                        : node));
    return new Node.Fields(fields, above.line());
  }
}
