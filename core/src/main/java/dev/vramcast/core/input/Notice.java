package dev.vramcast.core.input;

import java.util.Optional;

/**
 * Something to know beside an answer, or in its place, in parts. Each surface renders it in its
 * {@link Words}, as it does an {@link InputError}.
 *
 * @param place where what it is about stands; empty when it stands nowhere, or that is not known
 * @param sentence without the place
 * @param leads it stands in the first lines of an answer, whose figures lack something
 */
public record Notice(Optional<Place> place, Phrase sentence, boolean leads) {

  /** One that stands behind an answer. */
  public Notice(Optional<Place> place, Phrase sentence) {
    this(place, sentence, false);
  }

  /** The same in the first lines of an answer. */
  public Notice leading() {
    return new Notice(place, sentence, true);
  }

  /** A sentence; the pieces bring their blanks and commas. */
  public static Notice of(Object... pieces) {
    return new Notice(Optional.empty(), Phrase.of(pieces));
  }

  /** The same at a place, if there is one. */
  public Notice at(Optional<? extends Place> where) {
    return new Notice(where.map(Place.class::cast), sentence, leads);
  }

  /** Goes on. */
  public Notice and(Object... pieces) {
    return new Notice(place, sentence.and(Phrase.of(pieces)), leads);
  }

  /** The same behind something. */
  public Notice behind(Object... pieces) {
    return new Notice(place, Phrase.of(pieces).and(sentence), leads);
  }

  /** One line with everything. */
  public String line(Words words) {
    return place.flatMap(words::place).map(shown -> shown + ": ").orElse("") + sentence(words);
  }

  /** The line without its place. */
  public String sentence(Words words) {
    return sentence.text(words, place);
  }

  /** As a job document says it; no surface. */
  @Override
  public String toString() {
    return line(Words.DOCUMENT);
  }
}
