package dev.vramcast.answers.words;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Phrase.Piece;
import dev.vramcast.core.input.Words;
import java.util.List;
import java.util.Optional;

/** A part of a sentence. */
public sealed interface PieceRecord {

  /** A stretch of text. */
  @Describes("A stretch of text.")
  record Text(@Describes("As it is.") String text) implements PieceRecord {}

  /** A field. */
  @Describes("A field, which whoever shows the sentence may have a word for.")
  record Field(@Describes("The key of the job, by its path, or the field.") String field)
      implements PieceRecord {}

  /** Where something else stands. */
  @Describes("Where something else stands that the sentence speaks of.")
  record Place(PlaceRecord where) implements PieceRecord {}

  /** The parts of a sentence. */
  static List<PieceRecord> of(Phrase sentence, Words words) {
    return sentence.pieces().stream().map(piece -> of(piece, words)).toList();
  }

  private static PieceRecord of(Piece piece, Words words) {
    if (piece instanceof Piece.Mention mention) {
      return new Field(words.name(mention.subject(), Optional.empty()));
    }
    if (piece instanceof Piece.At at) {
      return words.place(at.place()).isPresent()
          ? new Place(PlaceRecord.of(Optional.of(at.place()), words))
          : new Text(at.place().text());
    }
    return new Text(((Piece.Text) piece).text());
  }
}
