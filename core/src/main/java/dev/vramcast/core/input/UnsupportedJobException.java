package dev.vramcast.core.input;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** A job that is legal but that nobody can put figures to yet. */
public final class UnsupportedJobException extends RuntimeException implements Refusal {

  private static final long serialVersionUID = 1L;

  private final transient List<Gap> gaps;

  /**
   * One that lacks something.
   *
   * @param gaps what is not modelled, at least one
   */
  public UnsupportedJobException(List<Gap> gaps) {
    super(Gap.notice(gaps).sentence(Words.DOCUMENT));
    this.gaps = List.copyOf(gaps);
  }

  /** What is not modelled, in parts. */
  public List<Gap> gaps() {
    return gaps;
  }

  @Override
  public Notice notice() {
    return Gap.notice(gaps);
  }

  @Override
  public UnsupportedJobException located(Function<Subject, Optional<Place>> places) {
    return new UnsupportedJobException(
        gaps.stream()
            .map(
                gap ->
                    gap.place().isPresent()
                        ? gap
                        : gap.at(Refusal.place(gap.subject(), gap.what(), places)))
            .toList());
  }

  /** What is missing, in the words of a job document; it is always said. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
