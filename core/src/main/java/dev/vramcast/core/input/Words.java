package dev.vramcast.core.input;

import java.util.Optional;

/** What a surface calls things: a command line, a document, an interface for programs. */
public interface Words {

  /** The words of a job document, which name keys by their paths. */
  Words DOCUMENT = new DocumentWords();

  /**
   * The name of a subject.
   *
   * @param place where the error stands; what stands in a text is called as it is there
   */
  String name(Subject subject, Optional<Place> place);

  /** How a place is shown; empty where it tells a user nothing. */
  Optional<String> place(Place place);

  /** Keys by their paths, options and items by their names. */
  final class DocumentWords implements Words {

    private DocumentWords() {}

    @Override
    public String name(Subject subject, Optional<Place> place) {
      if (subject instanceof Subject.Key key) {
        return key.path();
      }
      if (subject instanceof Subject.Operation operation) {
        return operation.name();
      }
      return subject instanceof Subject.Option option
          ? option.name()
          : ((Subject.Item) subject).name();
    }

    @Override
    public Optional<String> place(Place place) {
      return Optional.of(place.text());
    }
  }
}
