package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program whose command is one of its functions, as {@code fire.Fire(train)} makes it: the
 * parameters are the options. They are read as if the function began by giving each its value.
 *
 * @param lines of the program, with these assignments in place of the parameters
 * @param taken the options that are parameters
 */
public record FiredFunction(List<Node.Scalar> lines, Set<String> taken) {

  private static final Pattern FIRES =
      Pattern.compile("(?<!\\b(?:def|class) )\\b(?:Fire|typer\\.run|tyro\\.cli|CLI)\\s*+\\(\\s*+");

  /** A function, or the only one of a dictionary; the text of its key is left out. */
  private static final Pattern FUNCTION =
      Pattern.compile(
          "(\\w++)\\s*+[,)]"
              + "|\\{\\s*+(?:\"\"|'')\\s*+:\\s*+(\\w++)\\s*+(?:,\\s*+)?+\\}\\s*+[,)]");

  /** {@code typer.Option(8, help="...")}, whose first argument is the default. */
  private static final Pattern DESCRIBED =
      Pattern.compile("(?s)typer\\.(?:Option|Argument)\\(\\s*+(?:default\\s*+=\\s*+)?+(.*)\\)");

  private static final Pattern INDENT = Pattern.compile("(?:[ \\t]*+\\n)*+([ \\t]++)\\S");

  /** Characters of the head of a command, of which each parameter may be described at length. */
  private static final int LONGEST = 50_000;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d{1,30}(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?");

  private static final String ITEM = "\\s*+(?:\\w[\\w.]*+|\"[^\"]*+\"|'[^']*+')\\s*+";

  /** {@code [q_proj,v_proj]} and {@code q_proj,v_proj}, which fire makes lists of. */
  private static final Pattern LIST =
      Pattern.compile(
          "[\\[(]" + ITEM + "(?:," + ITEM + ")*+,?[\\])]|" + ITEM + "(?:," + ITEM + ")++");

  private static final Pattern ITEMS = Pattern.compile(ITEM);

  /** A program as it is read, told of options by names with underscores. */
  public static FiredFunction in(List<Node.Scalar> lines, Map<String, Node> options) {
    FiredFunction plain = new FiredFunction(lines, Set.of());
    if (lines.stream().noneMatch(line -> mayFire(text(line)))) {
      return plain;
    }
    StringBuilder all = new StringBuilder();
    lines.forEach(line -> all.append(text(line)).append('\n'));
    return fired(ModuleParts.code(all.toString()))
        .map(function -> unfolded(lines, all.toString(), function, options))
        .orElse(plain);
  }

  /** The function that the last of such calls makes the command; empty where it is not plain. */
  private static Optional<String> fired(String code) {
    int last = -1;
    for (Matcher fires = FIRES.matcher(code); fires.find(); ) {
      last = fires.end();
    }
    Matcher function = FUNCTION.matcher(code);
    return last >= 0 && function.region(last, code.length()).lookingAt()
        ? Optional.of(function.group(1) == null ? function.group(2) : function.group(1))
        : Optional.empty();
  }

  private static boolean mayFire(String line) {
    return line.contains("Fire")
        || line.contains("typer")
        || line.contains("tyro")
        || line.contains("CLI");
  }

  private static FiredFunction unfolded(
      List<Node.Scalar> lines, String text, String function, Map<String, Node> options) {
    List<Integer> heads = new ArrayList<>();
    Matcher head =
        Pattern.compile("(?m)^[ \\t]*(?:async +)?def " + function + "\\s*\\(").matcher(text);
    while (head.find()) {
      heads.add(head.end());
    }
    // Which of two functions of one name is meant, nobody sees.
    return heads.size() == 1
        ? new FiredFunction(lines, Set.of()).at(heads.get(0), text, options)
        : new FiredFunction(lines, Set.of());
  }

  /**
   * The program with assignments behind a head.
   *
   * @param from where its parameters begin in the text
   */
  private FiredFunction at(int from, String text, Map<String, Node> options) {
    List<FunctionHead.Part> parts =
        FunctionHead.parts(text.substring(from, Math.min(text.length(), from + LONGEST)));
    int close = parts.isEmpty() ? text.length() : from + parts.get(parts.size() - 1).end();
    int colon = text.startsWith(")", close) ? text.indexOf(':', close) : -1;
    int end = colon < 0 ? -1 : text.indexOf('\n', colon);
    Matcher indent = INDENT.matcher(text).region(end + 1, text.length());
    if (end < 0 || !text.substring(colon + 1, end).isBlank() || !indent.lookingAt()) {
      return this;
    }
    int first = rows(text, 0, from);
    int last = first + rows(text, from, colon);
    List<Node.Scalar> read = new ArrayList<>(lines.subList(0, first));
    String name = text(lines.get(first));
    read.add(new Node.Scalar(name.substring(0, name.indexOf('(')) + "():", mark(first)));
    Set<String> heard = new LinkedHashSet<>();
    int row = first;
    int counted = from;
    for (FunctionHead.Part part : parts) {
      Matcher parameter = part.parameter();
      row += rows(text, counted, from + part.end());
      counted = from + part.end();
      if (parameter.matches()) {
        String option = parameter.group(1);
        Node told = options.get(option);
        if (told != null) {
          heard.add(option);
        }
        Optional<String> value =
            told == null ? otherwise(parameter.group(2)) : literal(told.value(), told);
        Mark mark = mark(row);
        value.ifPresent(
            code -> read.add(new Node.Scalar(indent.group(1) + option + " = " + code, mark)));
      }
    }
    read.addAll(lines.subList(last + 1, lines.size()));
    return new FiredFunction(List.copyOf(read), heard);
  }

  /** Where a line stands that is written anew, of which the columns are others. */
  private Mark mark(int row) {
    return lines.get(Math.min(row, lines.size() - 1)).mark().ofLine();
  }

  /** The default of a parameter; empty where it has none, or an empty text that is to be given. */
  private static Optional<String> otherwise(@Nullable String written) {
    String code = written == null ? "" : written.replace('\n', ' ').strip();
    Matcher described = DESCRIBED.matcher(code);
    if (described.matches()) {
      List<FunctionHead.Part> said = FunctionHead.parts(described.group(1) + ")");
      code = said.isEmpty() ? "" : said.get(0).text().strip();
    }
    boolean open = code.isEmpty() || code.equals("\"\"") || code.equals("''") || code.equals("...");
    return open ? Optional.empty() : Optional.of(code);
  }

  /** A value as Python writes it; empty where it comes from outside. */
  private static Optional<String> literal(@Nullable Object value, Node node) {
    if (node instanceof Node.Items items) {
      List<Optional<String>> all =
          items.items().stream().map(item -> literal(item.value(), item)).toList();
      return all.stream().allMatch(Optional::isPresent)
          ? Optional.of("[" + String.join(", ", all.stream().map(Optional::get).toList()) + "]")
          : Optional.empty();
    }
    String text = String.valueOf(value);
    return text.startsWith("$") ? Optional.empty() : Optional.of(literal(value, text));
  }

  private static String literal(@Nullable Object value, String text) {
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (!(value instanceof String) || NUMBER.matcher(text).matches()) {
      return value == null ? "None" : word(text);
    }
    if (LIST.matcher(text).matches()) {
      List<String> items = new ArrayList<>();
      for (Matcher item = ITEMS.matcher(text); item.find(); ) {
        items.add(literal(item.group().strip(), item.group().strip()));
      }
      return "[" + String.join(", ", items) + "]";
    }
    boolean quoted = text.length() > 1 && text.matches("(?s)\"[^\"]*\"|'[^']*'");
    return text.matches("(?i)true|false|none")
        ? word(text)
        : quoted ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Python's spelling of what is no text. */
  private static String word(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> "True";
      case "false" -> "False";
      case "none", "null" -> "None";
      default -> text;
    };
  }

  /** The ends of lines between two places. */
  private static int rows(String text, int from, int to) {
    return (int) text.substring(from, to).chars().filter(c -> c == '\n').count();
  }

  private static String text(Node.Scalar line) {
    return String.valueOf(line.value());
  }
}
