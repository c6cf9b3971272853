package dev.vramcast.core.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something legal that a job asks for and that nobody has described, in parts.
 *
 * @param place where it stands; empty when it stands nowhere, or that is not known
 * @param subject what it is about; empty when it is about nothing that has a name
 * @param what it is, with its value and under which circumstances
 * @param needed what would have to be known; empty where that is plain
 * @param modelled what is modelled in its place; empty where that cannot be said shortly
 */
public record Gap(
    Optional<Place> place, Optional<Subject> subject, Phrase what, Phrase needed, Phrase modelled) {

  /** One about nothing that has a name, or none that is shown. */
  public static Gap of(Object... what) {
    return new Gap(Optional.empty(), Optional.empty(), Phrase.of(what), Phrase.EMPTY, Phrase.EMPTY);
  }

  /** One that begins with its subject; the pieces bring their blanks. */
  public static Gap about(Subject subject, Object... more) {
    Phrase what = Phrase.of(subject).and(Phrase.of(more));
    return new Gap(Optional.empty(), Optional.of(subject), what, Phrase.EMPTY, Phrase.EMPTY);
  }

  /** A key of the job with its value. */
  public static Gap value(Subject subject, Object value) {
    return about(subject, " ", Shown.oneLine(Shown.value(value)));
  }

  /** The same about a subject that is not shown first. */
  public Gap concerning(Subject whom) {
    return new Gap(place, Optional.of(whom), what, needed, modelled);
  }

  /** The same at a place, if there is one. */
  public Gap at(Optional<? extends Place> where) {
    return new Gap(where.map(Place.class::cast), subject, what, needed, modelled);
  }

  /** Goes on; the pieces bring their blanks and commas. */
  public Gap and(Object... pieces) {
    return new Gap(place, subject, what.and(Phrase.of(pieces)), needed, modelled);
  }

  /** Says what would have to be known. */
  public Gap needs(Object... pieces) {
    return new Gap(place, subject, what, Phrase.of(pieces), modelled);
  }

  /** Says what is modelled in its place. */
  public Gap modelled(Object... pieces) {
    return new Gap(place, subject, what, needed, Phrase.of(pieces).anywhere());
  }

  /** To be thrown. */
  public UnsupportedJobException refusal() {
    return new UnsupportedJobException(List.of(this));
  }

  /** One sentence about some, at the place of the first that has one. */
  static Notice notice(List<Gap> gaps) {
    Phrase sentence = Phrase.EMPTY;
    List<Phrase> modelled = new ArrayList<>();
    for (int i = 0; i < gaps.size(); i++) {
      Gap gap = gaps.get(i);
      String before = i == 0 ? "" : i == gaps.size() - 1 ? " and " : ", ";
      sentence = sentence.and(Phrase.of(before)).and(gap.shown());
      if (!gap.modelled.isEmpty()) {
        modelled.add(gap.modelled);
      }
    }
    sentence = sentence.and(Phrase.of(gaps.size() == 1 ? " is" : " are", " not modelled yet"));
    for (int i = 0; i < modelled.size(); i++) {
      sentence = sentence.and(Phrase.of(i == 0 ? ", modelled: " : "; ")).and(modelled.get(i));
    }
    return new Notice(gaps.stream().flatMap(gap -> gap.place.stream()).findFirst(), sentence);
  }

  /** As a job document says it; no surface. */
  @Override
  public String toString() {
    return new Notice(Optional.empty(), shown()).toString();
  }

  private Phrase shown() {
    return needed.isEmpty() ? what : what.and(Phrase.of(" (")).and(needed).and(Phrase.of(")"));
  }
}
