package dev.vramcast.answers.text;

import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.core.input.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lines of a report that grows section by section. */
public final class Sections {

  /** A blank line before it. */
  private static final int LINES_OF_TITLE = 2;

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
    lead(text);
  }

  /** The answer in one sentence, before all sections. */
  public void lead(String sentence) {
    Wrap.lines(sentence, terminal.width())
        .forEach(line -> lines.add(terminal.styled(Style.BOLD, line)));
  }

  /** Those of some notices that belong into the first lines. */
  public void leading(List<Notice> notices) {
    notices.stream().filter(Notice::leads).distinct().forEach(this::notice);
  }

  /** Begins a section, with a sentence on what it is, if there is one. */
  public void title(String text, Optional<String> what) {
    title(text);
    what.ifPresent(
        sentence ->
            Wrap.lines(sentence, terminal.width())
                .forEach(line -> lines.add(terminal.styled(Style.DIM, line))));
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
    add(wrapped(notice.line(terminal.words())));
  }

  /**
   * A section of the first of some sentences, as many as leave no more lines than some; none where
   * there is no room for one.
   */
  public void asFit(String title, List<Notice> notices, int most) {
    List<String> fitting = new ArrayList<>();
    int room = most - lines.size() - LINES_OF_TITLE;
    for (Notice notice : notices) {
      List<String> more = wrapped(notice.line(terminal.words()));
      if (fitting.size() + more.size() > room) {
        break;
      }
      fitting.addAll(more);
    }
    if (!fitting.isEmpty()) {
      title(title);
      add(fitting);
    }
  }

  private List<String> wrapped(String text) {
    List<String> wrapped = new ArrayList<>();
    String mark = terminal.unicode() ? "  · " : "  - ";
    for (String line : Wrap.lines(text, terminal.width() - mark.length())) {
      wrapped.add(mark + line);
      mark = " ".repeat(mark.length());
    }
    return wrapped;
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
