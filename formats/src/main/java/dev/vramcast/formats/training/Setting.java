package dev.vramcast.formats.training;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.value.ValueKind;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value of a training file with its place. Values behind options and in loosely written YAML are
 * text, so text that reads as a number or as a truth value counts as one.
 *
 * @param key in the words of the format, with dots between sections
 */
public record Setting(String file, String key, Node node) {

  private static final Set<String> NOTHING = Set.of("", "null", "none", "~");
  private static final Set<String> YES = Set.of("true", "yes", "on", "y", "t", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "n", "f", "0");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,18}(\\.\\d{0,18})?|\\.\\d{1,18})([eE][+-]?\\d{1,3})?");

  /** A folder below one that is filled in, whose name says a size as that of a model does. */
  private static final Pattern FOLDER =
      Pattern.compile(
          "[^\\s,]{1,500}/((?=[^/]*\\d[bBmM](?![A-Za-z]))[A-Za-z][\\w.-]{2,200})/?",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Values that another program fills in: Jinja, shell, OmegaConf, placeholders. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\{\\{|\\{%|\\$\\{|\\$\\(|^\\$\\w|^<[^<>]+>$|^\\?\\?\\?$"
              + "|^(?:TO_BE_FILLED|CHANGE_?ME|YOUR_[A-Z_]+)$");

  /** A file that may say itself what a value is worked out from. */
  private static final Pattern PROGRAM = Pattern.compile("(?s).*\\.(?:py|ipynb)");

  /** What its user writes over, of which a shell makes several words. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?is)\\[(?:your|path|insert|name of|the)\\b.{1,200}\\]");

  /** A field of a program's arguments, which is the name of no file. */
  private static final Pattern FIELD =
      Pattern.compile(
          "(?!.*\\.(?:ya?ml|json\\w*|py|toml|txt|csv|tsv|parquet|arrow|cfg|conf|ini|log|md|sh|bin"
              + "|safetensors|pth?|ckpt|pkl|gguf|npz|zip|tar|gz)$)"
              + "(?:\\w{0,99}(?:args|arguments|config|cfg))(?:\\.[A-Za-z_]\\w{0,99}){1,9}");

  private static final Pattern JSON = Pattern.compile("(?s)\\s*\\{\\s*\".{1,10000}\\}\\s*");

  private static final Pattern ATTRIBUTE =
      Pattern.compile("[A-Za-z_]\\w{0,99}(\\.[A-Za-z_]\\w{0,99}){1,9}");

  /** A value that comes out of another file stands there. */
  public Setting {
    file = node.mark().source().isEmpty() ? file : node.mark().source();
  }

  /** Where it stands, with its key. */
  public Place.Line place() {
    return new Place.Line(file, node.mark().line(), node.mark().column(), key);
  }

  /** A value in the section that this one is, which behind an option is text in JSON. */
  public Optional<Setting> at(String name) {
    return section() instanceof Node.Fields fields
        ? fields
            .at(name)
            .map(found -> new Setting(file, key + "." + name, found))
            .filter(setting -> !setting.isNothing())
        : Optional.empty();
  }

  private Node section() {
    boolean json = node.value() instanceof String text && JSON.matcher(text).matches();
    if (!json) {
      return node;
    }
    try {
      return here(NodeParser.json(String.valueOf(node.value()), Place.of(file)));
    } catch (InputException broken) {
      return node;
    }
  }

  /** What was parsed out of this value, at its place: lines of the text are none of the file. */
  private Node here(Node parsed) {
    if (parsed instanceof Node.Fields fields) {
      Map<String, Node> moved = new LinkedHashMap<>();
      fields.fields().forEach((name, value) -> moved.put(name, here(value)));
      return new Node.Fields(moved, node.mark());
    }
    return parsed instanceof Node.Items items
        ? new Node.Items(items.items().stream().map(this::here).toList(), node.mark())
        : new Node.Scalar(parsed.value(), node.mark());
  }

  /** Whether the key has no value, which is as if it were not there. */
  public boolean isNothing() {
    return node instanceof Node.Scalar
        && (node.value() == null
            || node.value() instanceof String text
                && NOTHING.contains(text.strip().toLowerCase(Locale.ROOT)));
  }

  /** Whether the value asks for nothing: false, zero, or an empty list. */
  public boolean isIdle() {
    if (node instanceof Node.Items items) {
      return items.items().isEmpty();
    }
    if (node instanceof Node.Fields fields) {
      return fields.fields().isEmpty();
    }
    return isNothing()
        || Boolean.FALSE.equals(node.value())
        || isOneOf(NO)
        || decimal().filter(number -> number.signum() == 0).isPresent();
  }

  /** Whether it is a field of what a program reads elsewhere, in place of a number: {@code c.r}. */
  private boolean isAttribute() {
    return node.value() instanceof String text && ATTRIBUTE.matcher(text).matches();
  }

  /** Whether the value is filled in from outside the file. */
  public boolean isVariable() {
    if (node instanceof Node.Items items && items.items().size() > 1) {
      return PLACEHOLDER.matcher(joined(items)).matches();
    }
    return node.value() instanceof String text
        && (VARIABLE.matcher(text).find() || FIELD.matcher(text).matches());
  }

  private static String joined(Node.Items items) {
    return String.join(
        " ", items.items().stream().limit(20).map(item -> String.valueOf(item.value())).toList());
  }

  /** The value in one short line. */
  public String shown() {
    return node.value() instanceof String text
        ? Shown.oneLine(text)
        : node instanceof Node.Scalar scalar
            ? String.valueOf(scalar.value())
            : Shown.given(node.value());
  }

  /** A truth value. */
  public boolean bool() {
    if (node.value() instanceof Boolean value) {
      return value;
    }
    if (isOneOf(YES) || decimal().filter(number -> number.signum() != 0).isPresent()) {
      return true;
    }
    if (isOneOf(NO)) {
      return false;
    }
    throw isAttribute() ? variable() : unusable("true or false");
  }

  /** Whether the value can be read as a truth value. */
  public boolean isBool() {
    return node.value() instanceof Boolean || isOneOf(YES) || isOneOf(NO);
  }

  /** A number, exactly as written. */
  public BigDecimal number() {
    return decimal().orElseThrow(() -> isAttribute() ? variable() : unusable("a number"));
  }

  /** A whole number of the size of an {@code int}. */
  public int whole() {
    BigDecimal number = number();
    if (number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw unusable("a whole number up to " + Integer.MAX_VALUE);
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw unusable("a whole number");
    }
    return number.intValue();
  }

  /** This whole number, several times. */
  public int times(int times) {
    long all = (long) whole() * times;
    if (Math.abs(all) > Integer.MAX_VALUE) {
      throw unusable("a whole number up to " + Integer.MAX_VALUE / Math.abs(times));
    }
    return (int) all;
  }

  /** This whole number, and more beside it. */
  public int plus(int more) {
    long all = (long) whole() + more;
    if (Math.abs(all) > Integer.MAX_VALUE) {
      throw unusable(more < 0 ? "0 or more" : "a whole number up to " + (Integer.MAX_VALUE - more));
    }
    return (int) all;
  }

  /** A line of text. */
  public String text() {
    if (isVariable()) {
      throw variable();
    }
    if (node instanceof Node.Scalar scalar && !isNothing()) {
      return String.valueOf(scalar.value()).strip();
    }
    throw unusable("a line of text");
  }

  /**
   * A model: its name, or the folder that it is in. Of a folder below one that is not known ({@code
   * $HOME/models/Qwen3-8B}) the name is enough.
   */
  public String model() {
    Matcher folder = node.value() instanceof String text ? FOLDER.matcher(text) : null;
    return isVariable() && folder != null && folder.matches() ? "/" + folder.group(1) : text();
  }

  /** Words in lower case that stand for a choice. */
  public String word() {
    return text().toLowerCase(Locale.ROOT);
  }

  /** A list of words; one text holds several when commas or blanks stand between them. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    if (node instanceof Node.Items items) {
      items.items().forEach(item -> words.addAll(new Setting(file, key, item).words()));
    } else {
      for (String word : text().replaceAll("[\\[\\]\"']", " ").split("[,\\s]+")) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
    }
    return words;
  }

  /** Says that the value cannot be used, and what could. */
  public InputException unusable(String allowed) {
    if (isVariable()) {
      return variable();
    }
    return about().is(node.value()).allowed(allowed).refusal();
  }

  /** Says that the value is none of the known ones, and which is near. */
  public InputException unusable(String allowed, String name, Set<String> known) {
    if (isVariable()) {
      return variable();
    }
    return about().is(node.value()).allowed(allowed).near(name, known).refusal();
  }

  /** Says at what the framework's own code stops. */
  InputError stops(String at) {
    return about().is(shown()).but(at).hint("leave it out");
  }

  /** Says that the file which the value names is needed. */
  public InputException missingFile() {
    return about()
        .is(shown())
        .and(", which is not there")
        .hint("give that file beside this one")
        .kind(ErrorKind.NOT_FOUND)
        .refusal();
  }

  private InputException variable() {
    boolean program = PROGRAM.matcher(file).matches();
    return about()
        .is(program ? written(String.valueOf(node.value())) : node.value())
        .and(
            program
                ? ", which is not known before the program runs"
                : ", which is filled in from outside the file")
        .hint("write the value out")
        .refusal();
  }

  /** An expression as its program has it, without the marks of one that is not known. */
  private static String written(String expression) {
    return expression
        .replaceAll("^<|>$", "")
        .replaceAll("\\bnot not ", "")
        .replaceAll(" ?\\. ?(?=[A-Za-z_])", ".")
        .replaceAll("(?<=[(\\[]) | (?=[)\\],])", "")
        .replaceAll("(?<=[\\w\\])])(?<!\\b(?:if|else|in|not|and|or|is)) (?=[(\\[])", "")
        .strip();
  }

  private InputError about() {
    return InputError.about(new Subject.Item(key))
        .at(Place.of(file, node.mark().line(), node.mark().column()));
  }

  private boolean isOneOf(Set<String> words) {
    return node.value() instanceof String text
        && words.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  private Optional<BigDecimal> decimal() {
    if (node.value() instanceof BigDecimal number) {
      return Optional.of(number);
    }
    if (node.value() instanceof String text) {
      String digits = text.strip().replaceAll("(?<=\\d)_(?=\\d)", "");
      if (NUMBER.matcher(digits).matches()) {
        return Optional.of(new BigDecimal(digits));
      }
    }
    return Optional.empty();
  }

  /** What it says about a key, as a job document would hold it. */
  Object about(JobKey about) {
    if (about == JobKey.MODEL_ID || about == JobKey.VALUE_MODEL || about == JobKey.TEACHER) {
      return model();
    }
    ValueKind kind = about.kind();
    if (kind instanceof ValueKind.Whole) {
      return whole();
    }
    if (kind instanceof ValueKind.Decimal) {
      return number();
    }
    if (kind instanceof ValueKind.YesOrNo) {
      return bool();
    }
    if (kind.isList()) {
      return words();
    }
    return node instanceof Node.Scalar ? text() : Objects.requireNonNull(node.value());
  }
}
