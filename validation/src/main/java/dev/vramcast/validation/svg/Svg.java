package dev.vramcast.validation.svg;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes an SVG picture element by element. Lengths are pixels from the upper left corner;
 * attributes are pairs of a name and a text or number. Whatever text goes in is escaped.
 *
 * <pre>{@code
 * String picture =
 *     new Svg(200, 100, "Two boxes")
 *         .element("rect", "x", 10, "y", 10, "width", 50, "height", 80, "fill", "#0072B2")
 *         .text(70, 20, "a & b", "font-size", 12)
 *         .finish();
 * }</pre>
 */
public final class Svg {

  private static final int DECIMALS = 2;

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * A picture on a white ground.
   *
   * @param title what the picture shows, for those who cannot see it
   */
  public Svg(int width, int height, String title) {
    open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "width",
        width,
        "height",
        height,
        "viewBox",
        "0 0 " + width + " " + height,
        "role",
        "img",
        "font-family",
        "system-ui, sans-serif");
    leaf("title", title);
    element("rect", "width", width, "height", height, "fill", "#ffffff");
  }

  /** An element without content. */
  public Svg element(String name, Object... attributes) {
    indent();
    start(name, attributes);
    out.append("/>\n");
    return this;
  }

  /** A line of text that begins at a point, or stands around it with {@code text-anchor}. */
  public Svg text(double x, double y, String content, Object... attributes) {
    indent();
    out.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y)).append('"');
    attributes(attributes);
    out.append('>').append(escaped(content)).append("</text>\n");
    return this;
  }

  /** As {@link #element}, with a title that shows when the pointer rests on it. */
  public Svg titled(String title, String name, Object... attributes) {
    open(name, attributes);
    leaf("title", title);
    return close();
  }

  /** Begins an element that holds what follows, up to {@link #close}. */
  public Svg open(String name, Object... attributes) {
    indent();
    start(name, attributes);
    out.append(">\n");
    open.push(name);
    return this;
  }

  /** Ends what was opened last. */
  public Svg close() {
    String name = open.pop();
    indent();
    out.append("</").append(name).append(">\n");
    return this;
  }

  /** The whole picture; nothing can be added afterwards. */
  public String finish() {
    while (!open.isEmpty()) {
      close();
    }
    return out.toString();
  }

  private void leaf(String name, String content) {
    indent();
    out.append('<').append(name).append('>').append(escaped(content));
    out.append("</").append(name).append(">\n");
  }

  private void start(String name, Object... attributes) {
    out.append('<').append(name);
    attributes(attributes);
  }

  private void attributes(Object... pairs) {
    if (pairs.length % 2 != 0) {
      throw new IllegalArgumentException("an attribute without a value");
    }
    for (int i = 0; i < pairs.length; i += 2) {
      Object value = pairs[i + 1];
      String text =
          value instanceof Number number
              ? number(number.doubleValue())
              : escaped(String.valueOf(value));
      out.append(' ').append(pairs[i]).append("=\"").append(text).append('"');
    }
  }

  private void indent() {
    out.append("  ".repeat(open.size()));
  }

  private static String number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  private static String escaped(String text) {
    StringBuilder result = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> result.append("&amp;");
                case '<' -> result.append("&lt;");
                case '>' -> result.append("&gt;");
                case '"' -> result.append("&quot;");
                default -> result.appendCodePoint(isAllowed(c) ? c : '?');
              }
            });
    return result.toString();
  }

  /** XML has no way to write other control characters, nor halves of surrogate pairs. */
  private static boolean isAllowed(int c) {
    boolean control = c < 0x20 && c != '\t' && c != '\n';
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
    return !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
  }
}
