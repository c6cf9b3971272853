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
 * @param asker who may say it
 */
public record Parameter(String name, Kind kind, String label, String description, Asker asker)
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

  /** Who says it. */
  public enum Asker {
    ANYBODY,
    /** Somebody at this machine, who may name files. */
    HERE,
    /** Somebody elsewhere, who may not. */
    ELSEWHERE
  }

  private static final String DASHES = "--";

  public static Parameter flag(String name, String description) {
    return new Parameter(name, Kind.FLAG, "", description, Asker.ANYBODY);
  }

  public static Parameter text(String name, String label, String description) {
    return new Parameter(name, Kind.TEXT, label, description, Asker.ANYBODY);
  }

  public static Parameter word(String label, String description) {
    return new Parameter(label, Kind.WORD, label, description, Asker.ANYBODY);
  }

  /** The same for one asker alone. */
  public Parameter only(Asker one) {
    return new Parameter(name, kind, label, description, one);
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
