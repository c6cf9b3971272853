package dev.vramcast.answers.request;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Profile;

/**
 * Which settings hold that nobody gives: those of most people where single settings are all that is
 * said, and the defaults of the document or of the framework where a file describes the job.
 */
public final class ProfileChoice {

  private ProfileChoice() {}

  /** A job of files with what is said over them. */
  public static JobDocument of(JobBase base, JobDocument over) {
    JobDocument document = base.under(over);
    return base.isEmpty() ? ofSettings(document) : with(document, Profile.BARE, "a file is given");
  }

  /** A job of single settings: flags, fields or columns. */
  public static JobDocument ofSettings(JobDocument document) {
    return with(document, Profile.RECOMMENDED, "no file is given");
  }

  private static JobDocument with(JobDocument document, Profile profile, String why) {
    return document.has(JobKey.PROFILE)
        ? document
        : document.with(JobKey.PROFILE, profile, new Place.Chosen(why));
  }
}
