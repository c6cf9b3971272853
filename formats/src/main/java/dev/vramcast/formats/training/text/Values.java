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
    Node.Fields all = new Node.Fields(Map.of(), words.get(0).line());
    for (Word word : words) {
      Matcher value = VALUE.matcher(word.text());
      if (value.matches() && value.group(1).chars().filter(c -> c == '.').count() < DEEPEST) {
        all = with(all, value.group(1), new Node.Scalar(value.group(2), word.line()));
      }
    }
    return all;
  }

  /** A tree with a value under a path, whose sections are made where they are not there. */
  static Node.Fields with(Node.Fields tree, String path, Node value) {
    Map<String, Node> fields = new LinkedHashMap<>(tree.fields());
    int dot = path.indexOf('.');
    if (dot < 0) {
      fields.put(path, value);
    } else {
      String name = path.substring(0, dot);
      Node.Fields inner =
          fields.get(name) instanceof Node.Fields section
              ? section
              : new Node.Fields(Map.of(), value.line());
      fields.put(name, with(inner, path.substring(dot + 1), value));
    }
    return new Node.Fields(fields, tree.line());
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
