package dev.vramcast.core.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Part of a sentence, in which subjects are not yet in the words of any surface. */
public record Phrase(List<Piece> pieces) {

  /** Nothing. */
  public static final Phrase EMPTY = new Phrase(List.of());

  /** A stretch of text, a subject, or a place. */
  public sealed interface Piece {

    /** Text without control characters, whatever it was made of. */
    record Text(String text) implements Piece {

      public Text {
        text = Shown.printable(text);
      }
    }

    /**
     * A subject that is yet to be named.
     *
     * @param anywhere whether it may be given elsewhere than where the error stands
     */
    record Mention(Subject subject, boolean anywhere) implements Piece {}

    /** Where something else stands that the sentence speaks of. */
    record At(Place place) implements Piece {}
  }

  public Phrase {
    pieces = List.copyOf(pieces);
  }

  /** Pieces in order: subjects, places, other phrases, and texts or values as they are shown. */
  public static Phrase of(Object... pieces) {
    return new Phrase(
        Arrays.stream(pieces)
            .filter(piece -> !"".equals(piece))
            .flatMap(
                piece ->
                    piece instanceof Phrase phrase
                        ? phrase.pieces.stream()
                        : Stream.of(piece(piece)))
            .toList());
  }

  /** This, and another right behind it. */
  public Phrase and(Phrase other) {
    List<Piece> all = new ArrayList<>(pieces);
    all.addAll(other.pieces);
    return new Phrase(all);
  }

  /** The same of subjects that may be given elsewhere than where the error stands. */
  public Phrase anywhere() {
    return new Phrase(
        pieces.stream()
            .map(
                piece ->
                    piece instanceof Piece.Mention mention
                        ? new Piece.Mention(mention.subject(), true)
                        : piece)
            .toList());
  }

  /** The subjects in it, in order, save those that may be given elsewhere. */
  Stream<Subject> mentions() {
    return pieces.stream()
        .filter(Piece.Mention.class::isInstance)
        .map(Piece.Mention.class::cast)
        .filter(mention -> !mention.anywhere())
        .map(Piece.Mention::subject);
  }

  /** Whether a subject stands in it. */
  public boolean mentions(Subject subject) {
    return pieces.stream()
        .anyMatch(piece -> piece instanceof Piece.Mention it && it.subject().equals(subject));
  }

  public boolean isEmpty() {
    return pieces.isEmpty();
  }

  /**
   * The text in the words of a surface.
   *
   * @param place where the sentence stands
   */
  public String text(Words words, Optional<Place> place) {
    return pieces.stream().map(piece -> text(piece, words, place)).collect(Collectors.joining());
  }

  private static String text(Piece piece, Words words, Optional<Place> place) {
    if (piece instanceof Piece.Mention mention) {
      return words.name(mention.subject(), mention.anywhere() ? Optional.empty() : place);
    }
    return piece instanceof Piece.At at
        ? words.place(at.place()).orElseGet(at.place()::text)
        : ((Piece.Text) piece).text();
  }

  private static Piece piece(Object given) {
    if (given instanceof Place place) {
      return new Piece.At(place);
    }
    return given instanceof Subject subject
        ? new Piece.Mention(subject, false)
        : new Piece.Text(Shown.value(given));
  }
}
