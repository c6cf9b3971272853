package dev.vramcast.answers.request;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
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
    String origin = document.origin(key);
    if (!(sources instanceof Sources.Files files)) {
      throw new InputException(
          origin
              + key.path()
              + " is "
              + Shown.given(text)
              + ", but no files are opened here"
              + (key == JobKey.MODEL_CONFIG ? ", allowed: the object of a config.json" : ""));
    }
    try {
      boolean behindFlag = origin.startsWith("--");
      return files.folder().filter(base -> !behindFlag).orElse(Path.of("")).resolve(text);
    } catch (InvalidPathException e) {
      throw new InputException(origin + key.path() + " is " + Shown.given(text) + ", no path", e);
    }
  }
}
