package dev.vramcast.answers.operation;

import dev.vramcast.core.input.Subject;
import java.util.Locale;

/**
 * Something that may be said beside the job. It is declared once; a command line shows its name and
 * its label, a document or an address has its field.
 *
 * @param name {@code --headroom}, or the label alone where a command line takes a word
 * @param label of its value, such as {@code SIZE}; empty for a flag
 * @param description one sentence or two for people
 */
public record Parameter(String name, Kind kind, String label, String description)
    implements Subject.Option {

  /** How it is given. */
  public enum Kind {
    /** There or not. */
    FLAG,
    /** A name with a text. */
    TEXT,
    /** A text without a name on a command line. */
    WORD
  }

  private static final String DASHES = "--";

  public static Parameter flag(String name, String description) {
    return new Parameter(name, Kind.FLAG, "", description);
  }

  public static Parameter text(String name, String label, String description) {
    return new Parameter(name, Kind.TEXT, label, description);
  }

  public static Parameter word(String label, String description) {
    return new Parameter(label, Kind.WORD, label, description);
  }

  /** The name in a document or an address, such as {@code min_sequence_length}. */
  public String field() {
    return field(name);
  }

  /** The field of a name, such as that of an option. */
  public static String field(String name) {
    String bare = name.startsWith(DASHES) ? name.substring(DASHES.length()) : name;
    return bare.replace('-', '_').toLowerCase(Locale.ROOT);
  }
}
