package dev.vramcast.catalog.price.form;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import java.util.Optional;

/**
 * A finding in its place.
 *
 * @param place of the cell that tells
 * @param detail what stands there
 */
public record LocatedFinding(Finding finding, Place.Line place, Phrase detail) {

  /** What is wrong and what stands there, in its place. */
  public Notice notice() {
    return new Notice(Optional.of(place), Phrase.of(finding.label(), ": ").and(detail));
  }
}
