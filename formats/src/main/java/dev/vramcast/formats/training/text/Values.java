package dev.vramcast.formats.training.text;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that a command sets: by {@code --key value}, {@code key=value} or {@code ++key=value}. */
public final class Values {

  private static final Pattern VALUE =
      Pattern.compile("\\+{0,2}([A-Za-z_][\\w.]{0,300})=(.*)", Pattern.DOTALL);

  private static final int DEEPEST = 20;

  private static final Pattern NUMBER = Pattern.compile("-\\.?\\d.*");

  private Values() {}

  static Node.Fields of(List<Word> words) {
    Node.Fields all = tree(words.get(0).mark());
    for (Word word : words) {
      Matcher value = VALUE.matcher(word.text());
      if (value.matches() && value.group(1).chars().filter(c -> c == '.').count() < DEEPEST) {
        put(all, value.group(1), new Node.Scalar(value.group(2), word.mark()));
      }
    }
    return all;
  }

  /** An empty tree that {@link #put} fills. */
  static Node.Fields tree(Mark mark) {
    return new Node.Fields(new LinkedHashMap<>(), mark);
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
        tree.fields().get(name) instanceof Node.Fields section ? section : tree(value.mark());
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
    return new Node.Fields(fields, above.mark());
  }

  /**
   * Takes options with the words behind them.
   *
   * @param options are added to, by their names with underscores
   * @param plain is added to what is none of them
   */
  static void options(List<Word> words, Map<String, Node> options, List<String> plain) {
    for (int i = 0; i < words.size(); i++) {
      String word = HydraOptions.whole(words.get(i).text());
      if (!word.startsWith("--") || word.length() == 2) {
        plain.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String key = word.substring(2, equals < 0 ? word.length() : equals).replace('-', '_');
      List<Word> values = new ArrayList<>();
      if (equals > 0) {
        values.add(new Word(word.substring(equals + 1), words.get(i).mark().further(equals + 1)));
      }
      Mark mark = words.get(i).mark();
      while (equals < 0 && i + 1 < words.size() && isValue(words.get(i + 1).text())) {
        values.add(words.get(++i));
      }
      put(options, key, values, mark);
    }
  }

  private static boolean isValue(String word) {
    return !word.startsWith("-") || NUMBER.matcher(word).matches();
  }

  /** Transformers' parser turns a truth value off by {@code --no_} before its name. */
  private static void put(Map<String, Node> options, String key, List<Word> values, Mark mark) {
    boolean off = values.isEmpty() && key.startsWith("no_") && !key.equals("no_cuda");
    String name = off ? key.substring(3) : key;
    options.remove(name);
    options.put(
        name,
        switch (values.size()) {
          case 0 -> new Node.Scalar(!off, mark);
          case 1 -> new Node.Scalar(values.get(0).text(), mark);
          default -> new Node.Items(values.stream().map(Values::scalar).toList(), mark);
        });
  }

  static Node scalar(Word word) {
    return new Node.Scalar(word.text(), word.mark());
  }
}
