package dev.vramcast.core.input;

/**
 * Something a user gave or may give, which an error is about. It has no text of its own: each
 * surface calls it in its own words.
 */
public sealed interface Subject {

  /** A key of the job document. */
  non-sealed interface Key extends Subject {

    /** In a document, e.g. {@code batch.micro_batch}. */
    String path();

    /** On a command line, e.g. {@code --micro-batch}. */
    String flag();
  }

  /** Something that is said beside the job. */
  non-sealed interface Option extends Subject {

    /** On a command line, e.g. {@code --headroom}, or the label of a word without a name. */
    String name();
  }

  /** An option that one program takes. */
  record Flag(String name) implements Option {}

  /** An option by its name. */
  static Option option(String name) {
    return new Flag(name);
  }

  /** Something that this program answers, by the name of its command. */
  record Operation(String name) implements Subject {}

  /** A key or column of a file, or another thing that has the same name everywhere. */
  record Item(String name) implements Subject {

    public Item {
      name = Shown.oneLine(name);
    }
  }
}
