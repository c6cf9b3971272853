package dev.vramcast.answers.fields;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.words.PieceRecord;
import dev.vramcast.answers.words.PlaceRecord;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Words;
import java.util.List;
import java.util.Optional;

/** A refusal as RFC 9457 has it, whose type says nothing: the status says what it is. */
@Describes("A refusal, as of RFC 9457.")
public record ProblemRecord(
    @Describes("The usual words for the status.") String title,
    @Describes("Status of HTTP.") int status,
    @Describes("One line about this case.") String detail,
    @Describes("The key of the job, by its path, or the field that it is about; only where it is.")
        Extra<String> field,
    @Describes("What kind of wrong it is, for those who tell errors apart; only of what was given.")
        Extra<ErrorKind> kind,
    PlaceRecord where,
    @Describes("The value, cut to one short line; only where it is shown.") Extra<String> given,
    @Describes("What may stand there; only where that can be said shortly.") Extra<String> allowed,
    @Describes("The known name that was probably meant; only where there is one.")
        Extra<String> nearest,
    @Describes("The known names near it, the nearest first; only where there are several.")
        Extra<List<String>> near,
    @Describes("What to do; only where that is not plain.") Extra<String> hint,
    @Describes("What a name that means several may mean; only where it does.")
        Extra<List<String>> choices,
    @Describes(
            "What is wrong, what is allowed and what to do, without the place: texts, and fields"
                + " between them, for those who have other words for a field; only of what was"
                + " given.")
        Extra<List<PieceRecord>> sentence) {

  public static final String TYPE = "about:blank";

  /** A refusal that is no fault of what was given. */
  public static ProblemRecord of(int status, String title, String detail) {
    return new ProblemRecord(
        title,
        status,
        detail,
        Extra.none(),
        Extra.none(),
        PlaceRecord.NONE,
        Extra.none(),
        Extra.none(),
        Extra.none(),
        Extra.none(),
        Extra.none(),
        Extra.none(),
        Extra.none());
  }

  /** What is wrong with what an operation was given, or with what names none. */
  public static ProblemRecord of(
      int status, String title, InputError error, Optional<Operation> operation) {
    Optional<FieldWords> fields = operation.map(FieldWords::new);
    Words words = fields.map(Words.class::cast).orElse(Words.DOCUMENT);
    Phrase sentence = error.sentence();
    return new ProblemRecord(
        title,
        status,
        error.line(words),
        Extra.of(fields.flatMap(known -> known.field(error))),
        Extra.of(error.kind()),
        PlaceRecord.of(error.place(), words),
        Extra.of(error.given()),
        text(error.allowed(), error, words),
        Extra.of(error.nearest().stream().findFirst()),
        Extra.of(Optional.of(error.nearest()).filter(names -> names.size() > 1)),
        text(error.hint(), error, words),
        Extra.of(Optional.of(error.choices()).filter(names -> !names.isEmpty())),
        Extra.of(PieceRecord.of(sentence, words)));
  }

  private static Extra<String> text(Phrase part, InputError error, Words words) {
    return part.isEmpty()
        ? Extra.none()
        : Extra.of(new Notice(error.place(), part).sentence(words));
  }
}
