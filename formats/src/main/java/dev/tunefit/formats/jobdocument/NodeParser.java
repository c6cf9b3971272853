package dev.tunefit.formats.jobdocument;

import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.Shown;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML or JSON document from text that may be hostile. Aliases and tags are refused, so
 * nothing can multiply and nothing is constructed; depth, numbers and names are bounded.
 */
final class NodeParser {

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

  private static final Pattern YAML_MARK = Pattern.compile("in reader, line (\\d{1,7}), column");

  /** Advice to programmers that a user can do nothing with. */
  private static final Pattern ADVICE =
      Pattern.compile(" \\((start marker|Do not use).*|: enable `.*|, from `.*");

  private final String source;
  private final String format;
  private final JsonParser parser;

  private NodeParser(String source, String format, JsonParser parser) {
    this.source = source;
    this.format = format;
    this.parser = parser;
  }

  /** The document's root. */
  static Node parse(String text, String source) {
    boolean json = source.endsWith(".json") || JSON_START.matcher(text).lookingAt();
    TokenStreamFactory factory = json ? JSON : YAML;
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      return new NodeParser(source, json ? "JSON" : "YAML", parser).document();
    } catch (JacksonException e) {
      throw notReadable(e, source, json ? "JSON" : "YAML");
    }
  }

  private Node document() {
    if (parser.nextToken() == null) {
      throw new InputException(source + ": is empty");
    }
    Node root = node(line());
    if (parser.nextToken() != null) {
      throw failure("a second document or further text begins, allowed: one document");
    }
    return root;
  }

  private Node node(int line) {
    refuseAliasesAndTags();
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> fields(line);
      case START_ARRAY -> items(line);
      case VALUE_STRING -> new Node.Scalar(parser.getString(), line);
      case VALUE_TRUE -> new Node.Scalar(true, line);
      case VALUE_FALSE -> new Node.Scalar(false, line);
      case VALUE_NULL -> new Node.Scalar(null, line);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Node.Scalar(number(), line);
      case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw failure("unexpected " + token);
    };
  }

  private Node fields(int line) {
    Map<String, Node> fields = new LinkedHashMap<>();
    for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
      String name = parser.currentName();
      int nameLine = line();
      refuseAliasesAndTags();
      next();
      Node earlier = fields.get(name);
      if (earlier != null) {
        throw new InputException(
            source
                + " line "
                + nameLine
                + ": key "
                + Shown.given(name)
                + " is given twice, first in line "
                + earlier.line());
      }
      fields.put(name, node(nameLine));
    }
    return new Node.Fields(fields, line);
  }

  private Node items(int line) {
    List<Node> items = new ArrayList<>();
    for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
      items.add(node(line()));
    }
    return new Node.Items(items, line);
  }

  private JsonToken next() {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw failure("the text ends too early");
    }
    return token;
  }

  /** Exact, so that 2.10 keeps its zero and a range check sees what was written. */
  private BigDecimal number() {
    String digits = parser.getString();
    if (digits.length() > LONGEST_NUMBER || !NUMBER.matcher(digits).matches()) {
      throw failure(Shown.oneLine(digits) + " is not a plain decimal number");
    }
    return new BigDecimal(digits);
  }

  private void refuseAliasesAndTags() {
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw failure("aliases are not supported, write the value out");
    }
    if (parser.getTypeId() != null) {
      throw failure("tags are not supported, remove " + Shown.given("!" + parser.getTypeId()));
    }
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private InputException failure(String what) {
    return new InputException(source + " line " + line() + ": " + what);
  }

  /** One line out of a message that may have many, with the line of the fault and not the start. */
  private static InputException notReadable(JacksonException e, String source, String format) {
    String message = String.valueOf(e.getOriginalMessage());
    int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    for (Matcher mark = YAML_MARK.matcher(message); mark.find(); ) {
      line = Integer.parseInt(mark.group(1));
    }
    String place = line > 0 ? " line " + line : "";
    return new InputException(
        source + place + ": not readable as " + format + ": " + Shown.oneLine(reason(message)), e);
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
