package dev.vramcast.input.table;

import dev.vramcast.input.text.TextLines.Line;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts lines into records, strict about quotes. Where a quote is not closed, or stands where none
 * may, its line alone is a record with a fault, and the next line begins another: a stray quote
 * takes no row with it.
 */
public final class CsvRecords {

  private static final String UNCLOSED = "has a quote that is not closed";

  private final Lines lines;
  private final int longest;

  /** Lines that were read in vain for the end of a quote. */
  private final Deque<Line> again = new ArrayDeque<>();

  /** Where lines come from. */
  @FunctionalInterface
  public interface Lines {

    /** The next one without its line feed; null behind the last. */
    @Nullable Line next() throws IOException;
  }

  /**
   * The records of lines.
   *
   * @param longest characters of a record
   */
  public CsvRecords(Lines lines, int longest) {
    this.lines = lines;
    this.longest = longest;
  }

  /** The records of a text. */
  static CsvRecords of(String text) {
    return new CsvRecords(new TextCut(text), Integer.MAX_VALUE);
  }

  /**
   * The next record that is not blank, with the number of its first line; null behind the last. One
   * with a fault has no text.
   */
  public @Nullable Line next() throws IOException {
    Line first = line();
    while (first != null && first.fault().isEmpty() && first.text().isBlank()) {
      first = line();
    }
    if (first == null || !first.fault().isEmpty()) {
      return first;
    }
    CsvQuotes quotes = new CsvQuotes();
    quotes.line(first.text());
    if (!quotes.isOpen()) {
      return quotes.fault().isEmpty() ? first : faulty(first, quotes.fault());
    }
    return goingOn(first, quotes);
  }

  private Line goingOn(Line first, CsvQuotes quotes) throws IOException {
    StringBuilder text = new StringBuilder(first.text());
    List<Line> behind = new ArrayList<>();
    while (quotes.isOpen()) {
      Line more = line();
      if (more != null) {
        behind.add(more);
      }
      if (more == null
          || !more.fault().isEmpty()
          || text.length() + more.text().length() >= longest) {
        return givenBack(first, UNCLOSED, behind);
      }
      text.append('\n').append(more.text());
      quotes.line(more.text());
    }
    return quotes.fault().isEmpty()
        ? new Line(first.number(), text.toString(), "")
        : givenBack(first, quotes.fault(), behind);
  }

  private Line givenBack(Line first, String fault, List<Line> behind) {
    for (int i = behind.size() - 1; i >= 0; i--) {
      again.addFirst(behind.get(i));
    }
    return faulty(first, fault);
  }

  private @Nullable Line line() throws IOException {
    Line kept = again.poll();
    return kept == null ? lines.next() : kept;
  }

  private static Line faulty(Line line, String fault) {
    return new Line(line.number(), "", fault);
  }

  /** The lines of a text. */
  private static final class TextCut implements Lines {

    private final String text;
    private int position;
    private long number;

    TextCut(String text) {
      this.text = text;
    }

    @Override
    public @Nullable Line next() {
      if (position >= text.length()) {
        return null;
      }
      int feed = text.indexOf('\n', position);
      int end = feed < 0 ? text.length() : feed;
      String line = text.substring(position, end);
      position = end + 1;
      number++;
      return new Line(number, line, "");
    }
  }
}
