package dev.vramcast.answers.operation;

import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that may be said beside the job. It is declared once; a command line shows its name and
 * its label, a document or an address has its field.
 *
 * @param name {@code --headroom}, or the label alone where a command line takes a word
 * @param label of its value, such as {@code SIZE}; empty for a flag
 * @param title what a form calls it, such as {@code Budget}
 * @param description one sentence or two, in which other parameters are not yet named
 * @param asker who may say it
 * @param choices the words that it, or each item of its list, may be; empty where that is no closed
 *     list
 */
public record Parameter(
    String name,
    Kind kind,
    String label,
    String title,
    Phrase description,
    Asker asker,
    List<String> choices)
    implements Subject.Option {

  public Parameter {
    choices = List.copyOf(choices);
  }

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

  public static Parameter flag(String name, Object... description) {
    return of(name, Kind.FLAG, "", description);
  }

  public static Parameter text(String name, String label, Object... description) {
    return of(name, Kind.TEXT, label, description);
  }

  public static Parameter word(String label, Object... description) {
    return of(label, Kind.WORD, label, description);
  }

  private static Parameter of(String name, Kind kind, String label, Object... description) {
    String title =
        JobKey.ofFlag(name)
            .map(JobKey::label)
            .orElseGet(() -> capitalised(field(name).replace('_', ' ')));
    return new Parameter(
        name, kind, label, title, Phrase.of(description), Asker.ANYBODY, List.of());
  }

  private static String capitalised(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** The description for people. */
  public String description(Words words) {
    return new Notice(Optional.empty(), description).sentence(words);
  }

  /** The same for one asker alone. */
  public Parameter only(Asker one) {
    return new Parameter(name, kind, label, title, description, one, choices);
  }

  /** The same under what a form calls it, where that is not its name. */
  public Parameter called(String words) {
    return new Parameter(name, kind, label, words, description, asker, choices);
  }

  /** The same for a closed list of words. */
  public Parameter of(List<String> words) {
    return new Parameter(name, kind, label, title, description, asker, words);
  }

  /** Whether it takes several values. */
  public boolean isList() {
    return label.endsWith(",...");
  }

  /** The name in a document or an address, such as {@code min_sequence_length}. */
  public String field() {
    return field(name);
  }

  /** The field of a name, such as that of an option. */
  public static String field(String name) {
    return ProgramWords.field(name);
  }
}
