package dev.vramcast.cli.console;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import java.util.Optional;

/** What a command line calls things: keys of the job by their flags, save those in a file. */
public final class CommandWords implements Words {

  /** The words. */
  public static final Words ALL = new CommandWords();

  private CommandWords() {}

  @Override
  public String name(Subject subject, Optional<Place> place) {
    if (subject instanceof Subject.Key key) {
      return place.filter(Place.Line.class::isInstance).isPresent() ? key.path() : key.flag();
    }
    return subject instanceof Subject.Operation operation
        ? "vramcast " + operation.name()
        : Words.DOCUMENT.name(subject, place);
  }

  /** An option is named by the sentence itself. */
  @Override
  public Optional<String> place(Place place) {
    return place instanceof Place.Behind ? Optional.empty() : Words.DOCUMENT.place(place);
  }
}
