package dev.vramcast.validation.report;

import java.util.List;
import java.util.stream.Collectors;

/** Writes the parts of a Markdown page. */
final class Markdown {

  private final StringBuilder out = new StringBuilder();

  Markdown comment(String text) {
    out.append("<!-- ").append(text).append(" -->\n");
    return this;
  }

  Markdown heading(int level, String text) {
    out.append('\n').append("#".repeat(level)).append(' ').append(text).append('\n');
    return this;
  }

  Markdown paragraph(String text) {
    out.append('\n').append(text.strip()).append('\n');
    return this;
  }

  /** A table whose first column is text and whose others are figures. */
  Markdown table(List<String> header, List<List<String>> rows) {
    out.append('\n');
    row(header);
    out.append("|---").append("|--:".repeat(header.size() - 1)).append("|\n");
    rows.forEach(this::row);
    return this;
  }

  /** A table of texts. */
  Markdown textTable(List<String> header, List<List<String>> rows) {
    out.append('\n');
    row(header);
    out.append("|---".repeat(header.size())).append("|\n");
    rows.forEach(this::row);
    return this;
  }

  private void row(List<String> cells) {
    String line = cells.stream().map(Markdown::cell).collect(Collectors.joining(" | ", "| ", " |"));
    out.append(line).append('\n');
  }

  private static String cell(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("|", "\\|")
        .replaceAll("\\p{Cntrl}", " ");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
