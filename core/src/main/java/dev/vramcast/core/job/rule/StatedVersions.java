package dev.vramcast.core.job.rule;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.units.Version;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Versions that a job states and no table of releases holds: code of another one is followed. */
public final class StatedVersions {

  private static final Map<JobKey, String> LIBRARIES =
      new EnumMap<>(
          Map.of(
              JobKey.TORCH_VERSION, "torch",
              JobKey.TRANSFORMERS_VERSION, "transformers",
              JobKey.PEFT_VERSION, "peft",
              JobKey.BITSANDBYTES_VERSION, "bitsandbytes",
              JobKey.ACCELERATE_VERSION, "accelerate",
              JobKey.DEEPSPEED_VERSION, "deepspeed",
              JobKey.TRL_VERSION, "trl"));

  /** A commit, or its first digits, which has no place among releases. */
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");

  private StatedVersions() {}

  /** The release that a text is; empty for a commit. */
  public static Optional<Version> release(String text) {
    return PartialJob.isRelease(text) ? Optional.of(PartialJob.release(text)) : Optional.empty();
  }

  /**
   * Warns of each.
   *
   * @throws dev.vramcast.core.input.InputException where two are stated for one library
   */
  public static void warn(PartialJob d) {
    refuseTwo(d);
    warnOfUnnamed(d);
    LIBRARIES.forEach(
        (key, library) ->
            d.document().text(key).ifPresent(text -> warnOfLibrary(d, key, library, text)));
    d.document()
        .text(JobKey.FRAMEWORK_VERSION)
        .filter(text -> !COMMIT.matcher(text).matches())
        .ifPresent(text -> warnOfFramework(d, text));
  }

  /** Of PPO nobody expects that another than TRL is taken to run it, as of all other stages. */
  private static void warnOfUnnamed(PartialJob d) {
    JobKey name = JobKey.FRAMEWORK_NAME;
    if (d.document().has(name) || !d.frameworkName().equals("verl")) {
      return;
    }
    d.document()
        .text(JobKey.TRL_VERSION)
        .ifPresent(
            text ->
                d.warn(
                    d.document()
                        .about(JobKey.TRL_VERSION, " ", text, " is not used: verl is taken to run")
                        .and(" PPO, of which TRL has no trainer since 1.13")));
    d.document()
        .text(JobKey.FRAMEWORK_VERSION)
        .ifPresent(
            text ->
                d.warn(
                    d.document()
                        .about(JobKey.FRAMEWORK_VERSION, " ", text, " is taken as verl's, which is")
                        .and(" taken to run PPO: ", name, " says who does")));
  }

  /** DeepSpeed as a framework is the library, which has one version. */
  private static void refuseTwo(PartialJob d) {
    JobKey library = JobKey.DEEPSPEED_VERSION;
    JobKey framework = JobKey.FRAMEWORK_VERSION;
    if (!d.frameworkName().equals(LIBRARIES.get(library)) || !d.isSet(library)) {
      return;
    }
    String stated = d.document().text(library).orElseThrow();
    d.document()
        .text(framework)
        .filter(other -> !isWithin(stated, other) && !isWithin(other, stated))
        .ifPresent(
            other -> {
              throw d.given(library)
                  .kind(ErrorKind.CONTRADICTION)
                  .but(framework, " is ", Shown.value(other))
                  .refusal();
            });
  }

  /** Whether a version is another, or one with more numbers behind it. */
  private static boolean isWithin(String version, String other) {
    return (version + ".").startsWith(other + ".");
  }

  private static void warnOfLibrary(PartialJob d, JobKey key, String library, String text) {
    warnOfNewer(d, key, library, text);
    String oldest = Releases.oldest(library);
    if (PartialJob.release(text).compareTo(Version.parse(oldest)) < 0) {
      d.warn(
          d.document()
              .about(key, " ", text, " is older than ", oldest)
              .and(", the oldest release that is known, whose code is followed"));
    }
  }

  private static void warnOfFramework(PartialJob d, String text) {
    JobKey key = JobKey.FRAMEWORK_VERSION;
    if (d.statedVersion().isEmpty()) {
      d.warn(
          d.document()
              .about(key, " ", text, " is neither a release, such as 0.13.0, nor a commit")
              .and(": the newest is followed"));
    } else if (LIBRARIES.containsValue(d.frameworkName())) {
      warnOfLibrary(d, key, d.frameworkName(), text);
    } else if (Releases.holds(d.frameworkName())) {
      warnOfNewer(d, key, d.frameworkName(), text);
    }
  }

  private static void warnOfNewer(PartialJob d, JobKey key, String library, String text) {
    String newest = Releases.newest(library);
    Version stated = PartialJob.release(text);
    if (!Version.parse(newest).atLeast(stated.major(), stated.minor())) {
      d.warn(
          d.document()
              .about(key, " ", text, " is newer than ", newest)
              .and(", the newest release that is known, whose code is followed"));
    }
  }
}
