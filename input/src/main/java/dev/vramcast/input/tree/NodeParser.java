package dev.vramcast.input.tree;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML or JSON document from text that may be hostile. Tags are refused, so nothing is
 * constructed; depth, numbers and names are bounded. Aliases are refused too, or followed within
 * bounds.
 */
public final class NodeParser {

  private static final int DEEPEST = 40;
  private static final int LONGEST_NUMBER = 100;
  private static final int LONGEST_NAME = 1_000;

  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder()
          .maxNestingDepth(DEEPEST)
          .maxNumberLength(LONGEST_NUMBER)
          .maxNameLength(LONGEST_NAME)
          .build();
  private static final TokenStreamFactory JSON =
      JsonFactory.builder().streamReadConstraints(BOUNDS).build();
  private static final TokenStreamFactory YAML =
      YAMLFactory.builder().streamReadConstraints(BOUNDS).build();

  private static final Pattern JSON_START = Pattern.compile("\\s*\\{\\s*[\"}]");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,9})?");

  /** What YAML 1.1, and with it PyYAML, takes for a number to the base of eight. */
  private static final Pattern OCTAL = Pattern.compile("0[0-7]{1,60}");

  private static final Pattern YAML_TAG =
      Pattern.compile("tag:yaml\\.org,2002:(?:float|int|bool|str|null)");

  private static final Pattern YAML_MARK =
      Pattern.compile("in reader, line (\\d{1,7}), column (\\d{1,7})");

  /** Advice to programmers that a user can do nothing with. */
  private static final Pattern ADVICE =
      Pattern.compile(" \\((start marker|Do not use).*|: enable `.*|, from `.*");

  private static final Pattern ANCHOR = Pattern.compile("&([^\\s,\\[\\]{}]+)");

  private final Place.Line place;

  /** The text with one character for what the parser counts: of YAML each code point. */
  private final String points;

  /** Of JSON, up to where {@link #pairs} are counted. */
  private int counted;

  /** Characters of a line that take two of a string, each of which that parser counts. */
  private int pairs;

  private final JsonParser parser;
  private final Optional<Anchors> anchors;
  private final List<Repeat> repeats = new ArrayList<>();

  private NodeParser(Place.Line place, String text, JsonParser parser, Optional<Anchors> anchors) {
    this.place = place;
    this.points = parser instanceof YAMLParser ? points(text) : text;
    this.parser = parser;
    this.anchors = anchors;
  }

  /** A text with one character for each code point, as columns count them. */
  public static String points(String text) {
    int count = text.codePointCount(0, text.length());
    return count == text.length()
        ? text
        : text.codePoints()
            .map(point -> Character.isBmpCodePoint(point) ? point : '?')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  /** A key that stands twice under the same one; the later value holds. */
  public record Repeat(String key, Mark first, Mark mark) {}

  /** A document as its framework would load it. */
  public record Loaded(Node root, List<Repeat> repeats) {}

  /** The root of a document in which everything is plain and said once. */
  public static Node parse(String text, String source) {
    return parse(text, Place.of(source));
  }

  /** The same of a text that is a line of another one, or a whole one. */
  public static Node parse(String text, Place.Line place) {
    return loaded(text, place, isJson(text, place), Optional.empty()).root();
  }

  /** The root of a text that has to be JSON. */
  public static Node json(String text, Place.Line place) {
    return loaded(text, place, true, Optional.empty()).root();
  }

  /**
   * A document that was written for another program: aliases are followed, a number in a form of
   * its own is text, and of a key that is given twice the later value holds.
   */
  public static Loaded load(String text, String source) {
    Place.Line place = Place.of(source);
    return loaded(text, place, isJson(text, place), Optional.of(new Anchors()));
  }

  private static boolean isJson(String text, Place.Line place) {
    return place.source().endsWith(".json") || JSON_START.matcher(text).lookingAt();
  }

  private static Loaded loaded(
      String text, Place.Line place, boolean json, Optional<Anchors> anchors) {
    TokenStreamFactory factory = json ? JSON : YAML;
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      NodeParser reader = new NodeParser(place, text, parser, anchors);
      return new Loaded(reader.document(), List.copyOf(reader.repeats));
    } catch (JacksonException e) {
      throw notReadable(e, place, json ? "JSON" : "YAML");
    }
  }

  private Node document() {
    if (parser.nextToken() == null) {
      throw InputError.of("is empty").at(place).kind(ErrorKind.MALFORMED).refusal();
    }
    Node root = node(mark());
    if (parser.nextToken() != null) {
      throw failure("a second document or further text begins, allowed: one document");
    }
    return root;
  }

  private Node node(Mark mark) {
    if (isAlias()) {
      return anchors
          .map(known -> known.node(parser.getString(), mark, this::failure))
          .orElseThrow(() -> failure("aliases are not supported, write the value out"));
    }
    Object anchor = anchor();
    Node node = isOfYaml() ? tagged(mark) : plain(mark);
    if (anchor != null) {
      anchors.ifPresent(known -> known.add(anchor, node));
    }
    return node;
  }

  /** The name that the node is given; the parser tells that of lists and mappings alone. */
  private @Nullable Object anchor() {
    Object told = parser.getObjectId();
    if (told != null || anchors.isEmpty() || !parser.currentToken().isScalarValue()) {
      return told;
    }
    int start = start();
    Matcher named = ANCHOR.matcher(points);
    return start >= 0 && named.region(start, points.length()).lookingAt() ? named.group(1) : null;
  }

  /** Where the current token begins in {@link #points}; -1 where the parser does not tell. */
  private int start() {
    long offset = parser.currentTokenLocation().getCharOffset();
    return offset >= 0 && offset < points.length() ? (int) offset : -1;
  }

  private Node plain(Mark mark) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> fields(mark);
      case START_ARRAY -> items(mark);
      case VALUE_STRING -> text(mark);
      case VALUE_TRUE -> new Node.Scalar(true, mark);
      case VALUE_FALSE -> new Node.Scalar(false, mark);
      case VALUE_NULL -> new Node.Scalar(null, mark);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(mark);
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw failure("unexpected " + token);
    };
  }

  private Node text(Mark mark) {
    String string = parser.getString();
    boolean octal = anchors.isPresent() && OCTAL.matcher(string).matches() && isPlain();
    return new Node.Scalar(octal ? new BigDecimal(new BigInteger(string, 8)) : string, mark);
  }

  /** Whether no quotes stand around the value. */
  private boolean isPlain() {
    int start = start();
    return start >= 0 && points.charAt(start) == '0';
  }

  private Node fields(Mark mark) {
    Map<String, Node> fields = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
      String name = parser.currentName();
      Mark nameMark = mark();
      if (isAlias()) {
        throw failure("aliases are not supported, write the value out");
      }
      refuseTags();
      next();
      if (name.equals("<<") && anchors.isPresent()) {
        merged.add(node(nameMark));
      } else {
        repeated(name, fields.remove(name), nameMark);
        fields.put(name, node(nameMark));
      }
    }
    merged.forEach(node -> Anchors.merge(node, fields));
    return new Node.Fields(fields, mark);
  }

  private void repeated(String name, @Nullable Node earlier, Mark mark) {
    if (earlier == null) {
      return;
    }
    if (anchors.isEmpty()) {
      Place first = at(earlier.mark().line(), earlier.mark().column());
      throw InputError.of("key ", Shown.given(name), " is given twice, first in ", first)
          .kind(ErrorKind.CONTRADICTION)
          .given(name)
          .concerning(new Subject.Item(name))
          .at(at(mark.line(), mark.column()))
          .refusal();
    }
    repeats.add(new Repeat(name, earlier.mark(), mark));
  }

  private Node items(Mark mark) {
    List<Node> items = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      items.add(node(mark()));
    }
    return new Node.Items(items, mark);
  }

  private JsonToken next() {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw failure("the text ends too early");
    }
    return token;
  }

  /** Exact, so that 2.10 keeps its zero and a range check sees what was written. */
  private Node number(Mark mark) {
    String digits = parser.getString();
    if (digits.length() <= LONGEST_NUMBER && NUMBER.matcher(digits).matches()) {
      return new Node.Scalar(new BigDecimal(digits), mark);
    }
    if (anchors.isEmpty()) {
      throw failure(Shown.oneLine(digits) + " is not a plain decimal number");
    }
    return new Node.Scalar(digits, mark);
  }

  private boolean isAlias() {
    return parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
  }

  /**
   * Whether a scalar has a tag of YAML itself, such as {@code !!float}, which constructs nothing.
   */
  private boolean isOfYaml() {
    boolean own =
        anchors.isPresent()
            && parser.currentToken().isScalarValue()
            && YAML_TAG.matcher(String.valueOf(parser.getTypeId())).matches();
    if (!own) {
      refuseTags();
    }
    return own;
  }

  private Node tagged(Mark mark) {
    boolean text = parser.getTypeId().toString().endsWith("str");
    return text ? new Node.Scalar(parser.getString(), mark) : plain(mark);
  }

  private void refuseTags() {
    if (parser.getTypeId() != null) {
      throw failure("tags are not supported, remove " + Shown.given("!" + parser.getTypeId()));
    }
  }

  private Mark mark() {
    TokenStreamLocation found = parser.currentTokenLocation();
    if (!(parser instanceof YAMLParser)) {
      count(found.getCharOffset());
    }
    return new Mark(found.getLineNr(), found.getColumnNr() - pairs);
  }

  /** Tokens are asked for in their order. */
  private void count(long offset) {
    for (; counted < offset && counted < points.length(); counted++) {
      char unit = points.charAt(counted);
      pairs = unit == '\n' || unit == '\r' ? 0 : pairs + (Character.isLowSurrogate(unit) ? 1 : 0);
    }
  }

  private InputException failure(String what) {
    Mark found = mark();
    return InputError.of(what)
        .at(at(found.line(), found.column()))
        .kind(ErrorKind.MALFORMED)
        .refusal();
  }

  private Place at(int line, int column) {
    return Place.of(place.source(), line, column).within(place);
  }

  /** One line out of a message that may have many, with the line of the fault and not the start. */
  private static InputException notReadable(JacksonException e, Place.Line place, String format) {
    String message = String.valueOf(e.getOriginalMessage());
    int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
    for (Matcher mark = YAML_MARK.matcher(message); mark.find(); ) {
      line = Integer.parseInt(mark.group(1));
      column = Integer.parseInt(mark.group(2));
    }
    return InputError.of("not readable as ", format, ": ", Shown.oneLine(reason(message)))
        .at(Place.of(place.source(), line, column).within(place))
        .kind(ErrorKind.MALFORMED)
        .refusal(e);
  }

  private static String reason(String message) {
    if (message.contains("nesting depth")) {
      return "nested more than " + DEEPEST + " levels deep";
    }
    // YAML's messages say first what was being read, then what is wrong, each with a drawing.
    return message
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith(" ") && !line.startsWith("in "))
        .reduce((context, problem) -> problem)
        .map(line -> ADVICE.matcher(line).replaceFirst(""))
        .orElse("no reason given");
  }
}
