package dev.vramcast.core.input;

/** Where something that was given stands. */
public sealed interface Place {

  /** As it is shown: {@code job.yaml:12:3}, {@code --rank}, {@code chosen by the plan}. */
  String text();

  /**
   * In a text.
   *
   * @param source its name, of which the end is shown where it is long, since that tells most
   * @param line from 1; 0 for the text as a whole, or one without lines
   * @param column from 1; 0 where it is not known
   * @param key the text's own key; empty where it adds nothing
   */
  record Line(String source, long line, int column, String key) implements Place {

    private static final int LONGEST = 76;

    public Line {
      source = Shown.printable(source);
      key = Shown.oneLine(key);
    }

    @Override
    public String text() {
      return shown()
          + (line > 0 ? ":" + line : "")
          + (line > 0 && column > 0 ? ":" + column : "")
          + (key.isEmpty() ? "" : ", " + key);
    }

    private String shown() {
      int cut = source.length() - LONGEST;
      return Shown.oneLine(cut > 3 ? "..." + source.substring(cut) : source);
    }

    /** The place in the whole text, where this is in one that is a line of it. */
    public Line within(Line document) {
      return document.line > 0 ? new Line(document.source, document.line, column, key) : this;
    }
  }

  /** Behind an option of a command line. */
  record Behind(String option) implements Place {

    @Override
    public String text() {
      return option;
    }
  }

  /** Nowhere: a program chose it, for the reason that the words say. */
  record Chosen(String text) implements Place {}

  /** A text as a whole. */
  static Line of(String source) {
    return of(source, 0);
  }

  /** A line of a text. */
  static Line of(String source, long line) {
    return of(source, line, 0);
  }

  /** A character of a text. */
  static Line of(String source, long line, int column) {
    return new Line(source, line, column, "");
  }
}
