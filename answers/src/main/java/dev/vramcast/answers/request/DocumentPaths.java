package dev.vramcast.answers.request;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Paths in a job document, which are relative to its folder, as those behind flags are to the
 * current one.
 *
 * @param sources tells the folder of the job file, or that no path may be followed
 */
public record DocumentPaths(JobDocument document, Sources sources) {

  /** The keys that hold a path, or may. */
  public static final Set<JobKey> KEYS =
      EnumSet.of(JobKey.MODEL_CONFIG, JobKey.DATA_FILE, JobKey.TOKENIZER);

  /** The path that a key holds as text. */
  public Optional<Path> path(JobKey key) {
    return document.text(key).map(text -> path(key, text));
  }

  private Path path(JobKey key, String text) {
    if (!(sources instanceof Sources.Files files)) {
      InputError error =
          InputError.about(key).at(document.place(key)).is(text).but("no files are opened here");
      throw (key == JobKey.MODEL_CONFIG ? error.allowed("the object of a config.json") : error)
          .refusal();
    }
    try {
      boolean behindFlag = document.isBehindFlag(key);
      return files.folder().filter(base -> !behindFlag).orElse(Path.of("")).resolve(text);
    } catch (InvalidPathException e) {
      throw InputError.about(key).at(document.place(key)).is(text).and(", no path").refusal(e);
    }
  }
}
