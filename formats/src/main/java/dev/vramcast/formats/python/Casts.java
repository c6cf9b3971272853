package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.Printed;
import dev.vramcast.formats.python.objects.ClassFields;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code int}, {@code float}, {@code str} and {@code bool} make of a value, {@code list} and
 * its like of many, and {@code Path} and its like of a path.
 */
final class Casts {

  private static final Set<String> NAMES = Set.of("int", "float", "str", "bool");

  /** What gives the same values back. */
  private static final Set<String> COPIES =
      Set.of("list", "tuple", "dict", "deepcopy", "copy.deepcopy");

  /** What names the same folder or file. */
  private static final Set<String> PATHS =
      Set.of(
          "Path",
          "pathlib.Path",
          "os.fspath",
          "os.path.abspath",
          "os.path.expanduser",
          "os.path.normpath",
          "os.path.realpath");

  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+(_\\d+)*");

  /** A name that may stand for any value. */
  private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]\\w*(\\.\\w+)+");

  private Casts() {}

  static boolean isCast(String name) {
    return NAMES.contains(name) || COPIES.contains(name) || PATHS.contains(name);
  }

  /** The value as Python has it; empty where it is not known, or Python would refuse. */
  static Optional<Node> cast(String name, Node node) {
    if (COPIES.contains(name)) {
      return Optional.of(node).filter(values -> isCopied(name, values));
    }
    if (PATHS.contains(name)) {
      return Optional.of(node)
          .filter(path -> Choice.text(path).isPresent() && !Pieces.isOutside(path));
    }
    if (name.equals("bool")) {
      return truth(node).map(holds -> Choice.under(node, new Node.Scalar(holds, node.mark())));
    }
    if (!(node instanceof Node.Scalar) || Pieces.isOutside(node)) {
      // A number that a function is handed is known further on, by the parameter's name.
      return Optional.of(node).filter(handed -> name.equals("int") && isName(handed));
    }
    Object value = Choice.taken(node);
    Optional<?> made =
        switch (name) {
          case "int" -> number(value).filter(n -> isWhole(value)).map(Casts::whole);
          case "float" -> number(value).map(Casts::broken);
          default -> value == null ? Optional.of("None") : Printed.text(value);
        };
    return made.map(it -> Choice.under(node, new Node.Scalar(it, node.mark())));
  }

  private static boolean isName(Node node) {
    return ClassFields.PARAMETER.matcher(String.valueOf(node.value())).matches();
  }

  /** A list of a dictionary has its keys, of which those that are no plain text are not known. */
  private static boolean isCopied(String name, Node values) {
    return switch (name) {
      case "list", "tuple" -> values instanceof Node.Items;
      case "dict" -> values instanceof Node.Fields;
      default -> !(values instanceof Node.Scalar);
    };
  }

  private static Optional<Boolean> truth(Node node) {
    return Choice.taken(node) instanceof String text
            && !text.isEmpty()
            && !text.startsWith("<")
            && !DOTTED.matcher(text).matches()
        ? Optional.of(true)
        : Logic.truth(node);
  }

  /** The number that a value is or reads as, if it is none that only fills memory. */
  private static Optional<BigDecimal> number(@Nullable Object value) {
    Object number = value;
    if (value instanceof Boolean holds) {
      number = holds ? BigDecimal.ONE : BigDecimal.ZERO;
    } else if (value instanceof String text) {
      String digits = text.strip();
      number = Pieces.number(digits.startsWith("+") ? digits.substring(1) : digits);
    }
    return number instanceof BigDecimal known && Printed.fits(known)
        ? Optional.of(known)
        : Optional.empty();
  }

  /** Python takes {@code int("7")} and {@code int(7.5)}, and refuses {@code int("7.5")}. */
  private static boolean isWhole(@Nullable Object value) {
    return !(value instanceof String text) || WHOLE.matcher(text.strip()).matches();
  }

  private static BigDecimal whole(BigDecimal number) {
    return number.setScale(0, RoundingMode.DOWN);
  }

  private static BigDecimal broken(BigDecimal number) {
    return number.scale() > 0 ? number : number.setScale(1);
  }
}
