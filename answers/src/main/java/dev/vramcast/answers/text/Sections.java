package dev.vramcast.answers.text;

import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.core.input.Notice;
import java.util.ArrayList;
import java.util.List;

/** Lines of a report that grows section by section. */
public final class Sections {

  private final Terminal terminal;
  private final List<String> lines = new ArrayList<>();

  public Sections(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Begins a section. */
  public void title(String text) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add(terminal.styled(Style.BOLD, text));
  }

  public void add(List<String> more) {
    lines.addAll(more);
  }

  /** A sentence of pieces, which bring their blanks, wrapped and indented. */
  public void sentence(Object... pieces) {
    notice(Notice.of(pieces));
  }

  /** A sentence in parts, wrapped and indented. */
  public void notice(Notice notice) {
    wrapped(notice.line(terminal.words()));
  }

  private void wrapped(String text) {
    String mark = terminal.unicode() ? "  · " : "  - ";
    for (String line : Wrap.lines(text, terminal.width() - mark.length())) {
      lines.add(mark + line);
      mark = " ".repeat(mark.length());
    }
  }

  /** A last line on how to see more. */
  public void more(String text) {
    lines.add("");
    lines.add("  " + terminal.styled(Style.DIM, text));
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }
}
