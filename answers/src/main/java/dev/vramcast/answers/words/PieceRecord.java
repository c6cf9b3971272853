package dev.vramcast.answers.words;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
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
  record Place(
      @Describes("As it is shown, name:line:column.") String place,
      @Describes("The name of the text that it is in, such as the path of a file.") String file,
      @Describes("Line of the text, from 1; only where it is about one.") Extra<Long> line,
      @Describes("Column of the line, from 1; only where it is known.") Extra<Integer> column)
      implements PieceRecord {}

  /** The parts of a sentence. */
  static List<PieceRecord> of(Phrase sentence, Words words) {
    return sentence.pieces().stream().map(piece -> of(piece, words)).toList();
  }

  private static PieceRecord of(Piece piece, Words words) {
    if (piece instanceof Piece.Mention mention) {
      return new Field(words.name(mention.subject(), Optional.empty()));
    }
    if (piece instanceof Piece.At at) {
      PlaceRecord where = PlaceRecord.of(Optional.of(at.place()), words);
      String shown = where.place().value().orElseGet(at.place()::text);
      return where
          .file()
          .value()
          .<PieceRecord>map(file -> new Place(shown, file, where.line(), where.column()))
          .orElseGet(() -> new Text(shown));
    }
    return new Text(((Piece.Text) piece).text());
  }
}
