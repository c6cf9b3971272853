package dev.vramcast.formats.python;

import dev.vramcast.formats.python.handed.Bounds;
import dev.vramcast.formats.python.handed.Printed;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.formats.python.module.Tokens;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts that put values in: {@code f"{FAMILY}-{SIZE}B"}. */
final class FormattedText {

  /** What is put in, without brackets inside; two of them are one that stands for itself. */
  private static final Pattern PUT =
      Pattern.compile("\\{\\{|\\}\\}|\\{([^{}!:=]{1,200})([!:=][^{}]{0,40})?\\}");

  private static final Pattern NAME = Pattern.compile("\\W*(\\w+)");

  private FormattedText() {}

  /** Whether tokens are texts beside each other of which one puts values in. */
  static boolean isOne(List<Token> tokens) {
    return tokens.stream().allMatch(t -> t.kind() == Kind.STRING || t.kind() == Kind.FORMAT)
        && tokens.stream().anyMatch(t -> t.kind() == Kind.FORMAT);
  }

  /**
   * The text; what is not known stands in it by its name, {@code ${SIZE}}, as a variable that is
   * filled in from outside. Empty where it is longer than any that a job has, as texts of texts
   * that double would not end.
   *
   * @param value of an expression
   */
  static Optional<String> of(List<Token> tokens, Function<List<Token>, Node> value) {
    StringBuilder all = new StringBuilder();
    for (Token token : tokens) {
      boolean plain = token.kind() == Kind.STRING || token.text().length() > Bounds.LONGEST_TEXT;
      if (plain) {
        all.append(token.text());
      } else if (!fill(token, value, all)) {
        return Optional.empty();
      }
    }
    return Optional.of(all.toString());
  }

  /** Whether the text has an end in what a job may have. */
  private static boolean fill(Token token, Function<List<Token>, Node> value, StringBuilder text) {
    Matcher put = PUT.matcher(token.text());
    int from = text.length();
    while (text.length() - from <= Bounds.LONGEST_TEXT && put.find()) {
      String expression = put.group(1);
      String inner =
          expression == null
              ? put.group().substring(1)
              : known(expression, Objects.requireNonNullElse(put.group(2), ""), token, value);
      put.appendReplacement(text, "");
      text.append(inner);
    }
    if (text.length() - from > Bounds.LONGEST_TEXT) {
      return false;
    }
    put.appendTail(text);
    return text.length() - from <= Bounds.LONGEST_TEXT;
  }

  private static String known(
      String expression, String format, Token at, Function<List<Token>, Node> value) {
    List<Token> tokens =
        Tokens.of(expression, List.of(new Node.Scalar(expression, at.mark()))).stream()
            .filter(token -> token.kind() != Kind.END)
            .toList();
    Object known = tokens.isEmpty() ? null : value.apply(tokens).value();
    boolean told =
        known instanceof BigDecimal
            || known instanceof Boolean
            || known instanceof String text
                && !text.startsWith("<")
                // A name with dots that stands for itself is not known.
                && !text.equals(expression.strip());
    return Optional.ofNullable(known)
        .filter(it -> told)
        .flatMap(it -> Printed.of(it, format))
        .orElseGet(() -> unknown(expression.strip(), format));
  }

  /** By the name alone, which a function may be handed, or as what is made of it. */
  private static String unknown(String expression, String format) {
    Matcher name = NAME.matcher(expression);
    String first = name.lookingAt() ? name.group(1) : "";
    boolean alone = first.equals(expression) && format.isEmpty();
    return "${" + first + (alone ? "}" : "...}");
  }
}
