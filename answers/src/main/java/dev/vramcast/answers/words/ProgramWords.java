package dev.vramcast.answers.words;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobKey;
import java.util.Locale;
import java.util.Optional;

/** What the JSON of answers calls things: keys by their paths, options by their fields. */
public final class ProgramWords implements Words {

  /** The words. */
  public static final Words ALL = new ProgramWords();

  /** What the job is called that was asked about, whose values stand in no text. */
  public static final String JOB = "job";

  private static final String DASHES = "--";

  private ProgramWords() {}

  @Override
  public String name(Subject subject, Optional<Place> place) {
    return subject instanceof Subject.Option option
        ? JobKey.ofFlag(option.name()).map(JobKey::path).orElseGet(() -> field(option.name()))
        : Words.DOCUMENT.name(subject, place);
  }

  @Override
  public Optional<String> place(Place place) {
    return place instanceof Place.Line line && !line.source().equals(JOB)
        ? Optional.of(line.text())
        : Optional.empty();
  }

  /** The field of a name, such as that of an option. */
  public static String field(String name) {
    String bare = name.startsWith(DASHES) ? name.substring(DASHES.length()) : name;
    return bare.replace('-', '_').toLowerCase(Locale.ROOT);
  }
}
