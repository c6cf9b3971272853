package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.KnownNames;
import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.flow.SidedCalls;
import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.handed.Bounds;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the brackets of a call.
 *
 * @param closing as {@link Statements#closing}
 * @param values of the expressions from a place up to another
 * @param known names that have one value wherever the program runs
 */
record GivenArguments(List<Token> tokens, int[] closing, Values values, KnownNames known) {

  private static final int LONGEST = 2_000;
  private static final int DEEPEST = 10;

  /** A list with None in it. */
  private static final Pattern MAYBE = Pattern.compile("<\\[ (?:[^\\[\\]]* )?None [,\\]]");

  /** What makes the default of a field. */
  static final String FACTORY = "default_factory";

  /** Finds the value of an expression. */
  interface Values {
    Node of(int start, int end);
  }

  /** The name of the model that a call is given; empty for none. */
  String model(int open) {
    String first = "";
    for (int i = open + 1; i < Math.min(closing[open], tokens.size()); i++) {
      boolean named = tokens.get(i).text().equals("model") && tokens.get(i + 1).is("=");
      int at = named ? i + 2 : i;
      int end = expressionEnd(i);
      boolean isName = at < end && tokens.get(at).kind() == Kind.NAME && dottedEnd(at) == end - 1;
      if (named) {
        return isName ? dotted(at, end - 1) : "";
      }
      first = i == open + 1 && isName ? dotted(at, end - 1) : first;
      i = end;
    }
    return first;
  }

  /** All arguments, by keyword or by their place. */
  Map<String, Node> all(int open) {
    Map<String, Node> arguments = new LinkedHashMap<>();
    Set<String> named = new HashSet<>();
    int place = 0;
    int i = open + 1;
    while (i < tokens.size() && !tokens.get(i).is(")")) {
      int end = expressionEnd(i);
      boolean keyword =
          i + 1 < end && tokens.get(i).kind() == Kind.NAME && tokens.get(i + 1).is("=");
      if (keyword) {
        int at = isMade(i) ? i + 4 : i + 2;
        String name = tokens.get(i).text();
        Node value = Bounds.at(values.of(at, end), tokens.get(i).mark());
        if (SidedCalls.GIVEN.contains(name)) {
          Node made = value;
          value = sure(at, end, made);
          condition(at, at, end)
              .or(() -> condition(end - 1, at, end))
              .or(() -> lookup(at, end, made))
              .or(() -> SidedCalls.condition(made))
              .ifPresent(asked -> arguments.put(SidedCalls.under(name), asked));
        }
        arguments.put(name, named.add(name) ? value : twice(name, value, arguments.get(name)));
      } else if (tokens.get(i).is("**")) {
        spread(values.of(i + 1, end), arguments, named);
      } else if (end > i && tokens.get(i).is("*")) {
        place = spread(values.of(i + 1, end), arguments, place);
      } else if (end > i) {
        arguments.put(String.valueOf(place++), Bounds.at(values.of(i, end), tokens.get(i).mark()));
      }
      i = end < tokens.size() && tokens.get(end).is(",") ? end + 1 : Math.max(end, i);
      if (i < tokens.size() && !tokens.get(i).is(")") && i == end && !tokens.get(i).is(",")) {
        break;
      }
    }
    return arguments;
  }

  /** None is not known where a name has it that may be given something else. */
  private Node sure(int at, int end, Node value) {
    Token first = tokens.get(at);
    boolean isName =
        first.kind() == Kind.NAME
            && !first.text().equals("None")
            && dottedEnd(at) == end - 1
            && !known.settled().contains(first.text())
            && !known.isNone(first, at);
    return isName && value.isNull()
        ? new Node.Scalar("<" + dotted(at, end - 1) + ">", value.mark())
        : value;
  }

  /** The parameters of a function in their order, with their defaults, and {@code *}. */
  Map<String, Node> parameters(int open) {
    Map<String, Node> found = new LinkedHashMap<>();
    int close = open < tokens.size() && tokens.get(open).is("(") ? closing[open] : open;
    for (int at = open + 1; at < close; at = expressionEnd(at) + 1) {
      int end = expressionEnd(at);
      int equals = at;
      while (equals < end && !tokens.get(equals).is("=")) {
        equals++;
      }
      Token name = tokens.get(at);
      if (name.is("*")) {
        found.put(name.text(), new Node.Scalar(null, name.mark()));
      }
      boolean plain = name.kind() == Kind.NAME && !Set.of("self", "cls").contains(name.text());
      if (plain) {
        Node unknown = new Node.Scalar("<" + name.text() + " of a function>", name.mark());
        found.put(name.text(), equals + 1 < end ? values.of(equals + 1, end) : unknown);
      }
    }
    return found;
  }

  /** {@code (Base, Mixin)} behind the name of a class. */
  List<String> bases(int open) {
    List<String> names = new ArrayList<>();
    int end = open < tokens.size() && tokens.get(open).is("(") ? closing[open] : open;
    for (int i = open + 1; i < end; i++) {
      names.add(tokens.get(i).text());
    }
    return names;
  }

  /** {@code default_factory=lambda: ["q_proj"]}, of which the list is the default. */
  private boolean isMade(int at) {
    return tokens.get(at).text().equals(FACTORY)
        && tokens.get(at + 2).text().equals("lambda")
        && tokens.get(at + 3).is(":");
  }

  /** The entries of a dictionary that is unpacked; another one is kept as text under {@code **}. */
  private static void spread(Node unpacked, Map<String, Node> arguments, Set<String> named) {
    if (unpacked instanceof Node.Fields fields) {
      fields
          .fields()
          .forEach(
              (name, value) -> {
                Node before = arguments.putIfAbsent(name, value);
                if (!Pieces.mayBeMissing(name, value) && !named.add(name)) {
                  arguments.put(name, twice(name, value, before));
                }
              });
    } else {
      arguments.putIfAbsent(Dictionaries.OPEN, unpacked);
    }
  }

  /** Python refuses such a program, and nobody knows which of two that differ is meant. */
  private static Node twice(String name, Node value, @Nullable Node before) {
    return before != null && Objects.equals(before.value(), value.value())
        ? value
        : new Node.Scalar("<" + name + " twice>", value.mark());
  }

  /** The values of a list that is unpacked, from a place on; any other one may be at all places. */
  private static int spread(Node unpacked, Map<String, Node> arguments, int place) {
    int next = place;
    if (unpacked instanceof Node.Items items) {
      for (Node item : items.items()) {
        arguments.put(String.valueOf(next++), item);
      }
    } else {
      arguments.putIfAbsent(Dictionaries.OPEN, unpacked);
    }
    return next;
  }

  /**
   * Whether a place stands in the side of {@code a if condition else b} that is known not to count.
   *
   * @param from where its statement begins
   * @param to where that ends
   */
  boolean isLeft(int at, int from, int to) {
    return around(
            at,
            from,
            to,
            (start, end) -> Optional.of(true).filter(left -> isLeftOf(at, start, end)))
        .isPresent();
  }

  /**
   * A call with the condition under which it is made, where None stands on the other side of it:
   * {@code LoraConfig(r=8) if lora else None}.
   *
   * @param from where its statement begins
   * @param to where that ends
   */
  Call sided(Call call, int at, int from, int to) {
    if (SidedCalls.isOne(call.name())) {
      around(at, from, to, (start, end) -> condition(at, start, end))
          .ifPresent(asked -> call.arguments().put(SidedCalls.CONDITION, asked));
    }
    return call;
  }

  /** What is found in the expressions around a place first, from the outermost inwards. */
  private <T> Optional<T> around(
      int at, int from, int to, BiFunction<Integer, Integer, Optional<T>> found) {
    int start = from;
    int end = Math.min(to, from + LONGEST);
    for (int depth = 0; start < end && depth < DEEPEST; depth++) {
      int inner = end;
      for (int i = start; i < end; i = tokens.get(i).opens() ? closing[i] + 1 : i + 1) {
        if (tokens.get(i).is(",")) {
          start = i < at ? i + 1 : start;
          end = i > at ? Math.min(end, i) : end;
        } else if (tokens.get(i).opens() && i < at && at < closing[i]) {
          inner = i;
        }
      }
      Optional<T> one = found.apply(start, end);
      if (one.isPresent()) {
        return one;
      }
      start = inner + 1;
      end = inner < end ? closing[inner] : end;
    }
    return Optional.empty();
  }

  /** The condition of an expression that has nothing on the side that the place is not in. */
  private Optional<Node> condition(int at, int start, int end) {
    int condition = word("if", start, end);
    int otherwise = word("else", condition + 1, end);
    if (condition <= start || otherwise <= condition + 1 || otherwise + 1 >= end) {
      return conjunction(at, start, end);
    }
    boolean first = at < condition;
    boolean alone = first ? isNothing(otherwise + 1, end) : isNothing(start, condition);
    // A model that is left as it is has no adapters.
    boolean model = first && otherwise + 2 == end && word("get_peft_model", start, at) < at;
    if (!first && at < otherwise || !alone && !model) {
      return Optional.empty();
    }
    return open(values.of(condition + 1, otherwise), first);
  }

  /** {@code four and BitsAndBytesConfig() or None}. */
  private Optional<Node> conjunction(int at, int start, int end) {
    int equals = word("=", start, end);
    int from = equals < end ? equals + 1 : start;
    from += tokens.get(from).text().equals("return") ? 1 : 0;
    int and = word("and", from, end);
    int or = word("or", and, end);
    return from < and && and < at && at < or && (or == end || isNothing(or + 1, end))
        ? open(values.of(from, and), true)
        : Optional.empty();
  }

  private static Optional<Node> open(Node asked, boolean first) {
    boolean open = asked.value() instanceof Choice || Logic.truth(asked).isEmpty();
    return open ? Optional.of(first ? asked : SidedCalls.not(asked)) : Optional.empty();
  }

  /** Whether an expression, or what is behind an equals sign there, is None or has nothing. */
  private boolean isNothing(int start, int end) {
    int equals = word("=", start, end);
    int from = equals < end ? equals + 1 : start;
    return Set.of("None", "{}", "dict()", "[]")
        .contains(Token.joined(tokens.subList(from, Math.min(end, from + 3)), ""));
  }

  /**
   * What a place is looked up by, where that is not known and may find None: {@code [None,
   * bnb][four]}, {@code KINDS[kind]}, {@code KINDS.get(kind)}.
   */
  private Optional<Node> lookup(int at, int end, Node made) {
    if (Pieces.isOutside(made) && MAYBE.matcher(String.valueOf(made.value())).lookingAt()) {
      return Optional.of(made);
    }
    if (at + 2 >= end || !Pieces.isOutside(made)) {
      return Optional.empty();
    }
    boolean named = tokens.get(at).kind() == Kind.NAME;
    boolean gets = named && tokens.get(at + 1).is(".") && tokens.get(at + 2).text().equals("get");
    boolean looks = named && tokens.get(at + 1).is("[") && closing[at + 1] == end - 1;
    if (!gets && !looks) {
      return Optional.empty();
    }
    boolean none =
        values.of(at, at + 1) instanceof Node.Fields known
            && (gets || known.fields().values().stream().anyMatch(Node::isNull));
    return none ? Optional.of(made) : Optional.empty();
  }

  /** As {@link #isLeft} of one expression, whose last side may be such a one again. */
  private boolean isLeftOf(int at, int start, int end) {
    for (int from = start; from < end; ) {
      int condition = word("if", from, end);
      int otherwise = word("else", condition + 1, end);
      if (condition <= from || otherwise <= condition + 1 || otherwise == end) {
        return false;
      }
      Node asked = values.of(condition + 1, otherwise);
      Optional<Boolean> holds =
          asked.value() instanceof Choice ? Optional.empty() : Logic.truth(asked);
      if (holds.isPresent() && (holds.get() ? at > otherwise : at < condition)) {
        return true;
      }
      if (at < otherwise) {
        return false;
      }
      from = otherwise + 1;
    }
    return false;
  }

  /** Where a word stands first, outside of brackets; the end where it does not. */
  private int word(String word, int start, int end) {
    int i = start;
    while (i < end && !tokens.get(i).text().equals(word)) {
      i = tokens.get(i).opens() ? closing[i] + 1 : i + 1;
    }
    return Math.min(i, end);
  }

  int dottedEnd(int start) {
    int end = start;
    while (end + 2 < tokens.size()
        && tokens.get(end + 1).is(".")
        && tokens.get(end + 2).kind() == Kind.NAME) {
      end += 2;
    }
    return end;
  }

  String dotted(int start, int end) {
    StringBuilder name = new StringBuilder();
    for (int i = start; i <= end; i++) {
      name.append(tokens.get(i).text());
    }
    return name.toString();
  }

  int expressionEnd(int start) {
    return Statements.expressionEnd(tokens, closing, start);
  }
}
