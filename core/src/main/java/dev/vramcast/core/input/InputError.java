package dev.vramcast.core.input;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with something that was given, in parts. Nobody takes its text apart; each surface
 * renders it in its {@link Words}. It is made in one go, from {@link #about} or {@link #of} to
 * {@link #refusal()}.
 *
 * @param kind what kind of wrong it is, for those who tell errors apart
 * @param place where it stands; empty when it stands nowhere, or that is not known
 * @param subject what it is about; empty when it is about nothing that has a name
 * @param given the value, short and without control characters; empty where none is shown
 * @param problem what is wrong; where it is shown, subject and value are part of it
 * @param allowed what may stand there; empty where that cannot be said shortly
 * @param nearest the known names that were probably meant, the nearest first; empty where none is
 * @param hint what to do; empty where that is plain
 * @param choices what a name that means several may mean, to be chosen from; empty where it means
 *     none
 */
public record InputError(
    ErrorKind kind,
    Optional<Place> place,
    Optional<Subject> subject,
    Optional<String> given,
    Phrase problem,
    Phrase allowed,
    List<String> nearest,
    Phrase hint,
    List<String> choices) {

  public InputError {
    nearest = nearest.stream().map(Shown::oneLine).toList();
    choices = List.copyOf(choices);
  }

  /** A sentence about nothing that has a name, or none that is shown. */
  public static InputError of(Object... problem) {
    return new Builder(Phrase.of(problem)).build();
  }

  /** A sentence that begins with a value as a user gave it. */
  public static InputError value(@Nullable Object raw, Object... more) {
    return of(Shown.given(raw)).given(raw).and(more);
  }

  /** A sentence that begins with its subject. */
  public static InputError about(Subject subject) {
    return of(subject).concerning(subject);
  }

  /** A name that nobody knows, e.g. {@code unknown column 'x'}. */
  public static InputError unknown(String what, String name, Collection<String> known) {
    return unknown(what, name, NearestName.of(name, known));
  }

  /** As {@link #unknown(String, String, Collection)}, with the near name. */
  public static InputError unknown(String what, String name, Optional<String> near) {
    return of("unknown " + what + " " + Shown.given(name))
        .kind(ErrorKind.UNKNOWN)
        .concerning(new Subject.Item(name))
        .given(name)
        .nearest(near);
  }

  /** The same of a kind. */
  public InputError kind(ErrorKind what) {
    Builder builder = toBuilder();
    builder.kind = what;
    return builder.build();
  }

  /** The same about a value as a user gave it, which the sentence shows in its own way. */
  public InputError given(@Nullable Object raw) {
    return given(Optional.of(Shown.given(raw)));
  }

  private InputError given(Optional<String> shown) {
    Builder builder = toBuilder();
    builder.given = shown;
    return builder.build();
  }

  /** The same about a subject that is not shown. */
  public InputError concerning(Subject what) {
    Builder builder = toBuilder();
    builder.subject = Optional.of(what);
    return builder.build();
  }

  /** The same at a place. */
  public InputError at(Place where) {
    return at(Optional.of(where));
  }

  /** The same at a place, if there is one. */
  public InputError at(Optional<? extends Place> where) {
    Builder builder = toBuilder();
    builder.place = where.map(Place.class::cast);
    return builder.build();
  }

  /** Goes on with {@code is 'x'}, the value as a user gave it. */
  public InputError is(@Nullable Object raw) {
    return is(Shown.given(raw), " is ");
  }

  /** Goes on with {@code is x}, a value that was understood. */
  public InputError isSet(Object value) {
    return is(Shown.oneLine(Shown.value(value)), " is ");
  }

  /** Goes on with {@code has 'x'}, one of several values that a user gave. */
  public InputError has(@Nullable Object raw) {
    return is(Shown.given(raw), " has ");
  }

  /** Goes on; the pieces bring their blanks and commas. */
  public InputError and(Object... pieces) {
    return and(Phrase.of(pieces));
  }

  /** Goes on with {@code , but ...}, what it contradicts. */
  public InputError but(Object... pieces) {
    return and(", but ").and(pieces).kind(ErrorKind.CONTRADICTION);
  }

  /** Goes on with {@code is missing}. */
  public InputError missing() {
    return and(" is missing").kind(ErrorKind.MISSING);
  }

  /** Goes on with a phrase. */
  public InputError and(Phrase more) {
    Builder builder = toBuilder();
    builder.problem = problem.and(more);
    return builder.build();
  }

  /** Says what is allowed. */
  public InputError allowed(Object... pieces) {
    Builder builder = toBuilder();
    builder.allowed = Phrase.of(pieces);
    return builder.build();
  }

  /** Says that a name is not known, and names the one that is near to it, if there is one. */
  public InputError near(String name, Collection<String> known) {
    return nearest(NearestName.of(name, known)).kind(ErrorKind.UNKNOWN);
  }

  /** Names a known name. */
  public InputError nearest(Optional<String> name) {
    return nearest(name.stream().toList());
  }

  /** Names known names, the nearest first. */
  public InputError nearest(List<String> names) {
    Builder builder = toBuilder();
    builder.nearest = names;
    return builder.build();
  }

  /** Says what to do, behind what was said of that already. */
  public InputError hint(Object... pieces) {
    return hint(Phrase.of(pieces));
  }

  /** Says what to do by a phrase. */
  public InputError hint(Phrase what) {
    Phrase more = what.anywhere();
    Builder builder = toBuilder();
    builder.hint = hint.isEmpty() ? more : hint.and(Phrase.of("; ")).and(more);
    return builder.build();
  }

  /** Says that one of several is meant. */
  public InputError choices(List<String> names) {
    Builder builder = toBuilder();
    builder.kind = ErrorKind.AMBIGUOUS;
    builder.choices = names;
    return builder.build().hint("say which");
  }

  /** To be thrown. */
  public InputException refusal() {
    return new InputException(this);
  }

  /** To be thrown for what was thrown below. */
  public InputException refusal(Throwable cause) {
    return new InputException(this, cause);
  }

  /** One line with everything. */
  public String line(Words words) {
    return new Notice(place, sentence()).line(words);
  }

  /** The line without its place. */
  public String sentence(Words words) {
    return new Notice(place, sentence()).sentence(words);
  }

  /** The sentence, in which subjects are not yet in the words of any surface. */
  public Phrase sentence() {
    return problem
        .and(allowed.isEmpty() ? allowed : Phrase.of(", allowed: ").and(allowed))
        .and(hint.isEmpty() ? hint : Phrase.of("; ").and(hint))
        .and(Phrase.of(NearestName.question(nearest)));
  }

  private InputError is(String shown, String verb) {
    return and(verb + shown).given(Optional.of(shown));
  }

  private Builder toBuilder() {
    Builder builder = new Builder(problem);
    builder.kind = kind;
    builder.place = place;
    builder.subject = subject;
    builder.given = given;
    builder.allowed = allowed;
    builder.nearest = nearest;
    builder.hint = hint;
    builder.choices = choices;
    return builder;
  }

  /** The parts of one that is being made. */
  private static final class Builder {

    private ErrorKind kind = ErrorKind.NOT_ALLOWED;
    private Optional<Place> place = Optional.empty();
    private Optional<Subject> subject = Optional.empty();
    private Optional<String> given = Optional.empty();
    private Phrase problem;
    private Phrase allowed = Phrase.EMPTY;
    private List<String> nearest = List.of();
    private Phrase hint = Phrase.EMPTY;
    private List<String> choices = List.of();

    Builder(Phrase problem) {
      this.problem = problem;
    }

    InputError build() {
      return new InputError(kind, place, subject, given, problem, allowed, nearest, hint, choices);
    }
  }
}
