package dev.vramcast.core.input;

import java.util.Optional;
import java.util.function.Function;

/** Why there is no answer, which is thrown: something given is wrong, or is not modelled. */
public sealed interface Refusal permits InputException, UnsupportedJobException {

  /** The reason. */
  Notice notice();

  /**
   * The same where it stands, when that is not known yet.
   *
   * @param places tell where a key of the job was given
   */
  RuntimeException located(Function<Subject, Optional<Place>> places);

  /** The place of what is refused: that of its subject, or of the first that it mentions. */
  static Optional<Place> place(
      Optional<Subject> subject, Phrase sentence, Function<Subject, Optional<Place>> places) {
    return subject
        .flatMap(places)
        .or(() -> sentence.mentions().flatMap(it -> places.apply(it).stream()).findFirst());
  }
}
