package dev.vramcast.answers.words;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Words;
import java.util.Optional;

/** Where something stands in a text that was given: as it is shown, and in parts. */
public record PlaceRecord(
    @Describes("Where it stands in a text that was given, as name:line:column; only where it does.")
        Extra<String> place,
    @Describes("The name of that text, such as the path of a file; only where there is one.")
        Extra<String> file,
    @Describes("Line of the text, from 1; only where it is about one.") Extra<Long> line,
    @Describes("Column of the line, from 1; only where it is known.") Extra<Integer> column)
    implements Inline {

  /** Nowhere. */
  public static final PlaceRecord NONE =
      new PlaceRecord(Extra.none(), Extra.none(), Extra.none(), Extra.none());

  /** A place, where a surface shows it. */
  public static PlaceRecord of(Optional<Place> place, Words words) {
    Optional<String> shown = place.flatMap(words::place);
    Optional<Place.Line> text =
        place
            .filter(it -> shown.isPresent() && it instanceof Place.Line)
            .map(Place.Line.class::cast);
    return new PlaceRecord(
        Extra.of(shown),
        Extra.of(text.map(Place.Line::source)),
        Extra.of(text.map(Place.Line::line).filter(line -> line > 0)),
        Extra.of(text.filter(it -> it.line() > 0).map(Place.Line::column).filter(it -> it > 0)));
  }
}
