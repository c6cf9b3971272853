package dev.vramcast.formats.training;

import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files beside the one that is read.
 *
 * @param given further files that the user named
 * @param lookup finds a file that another one names by its path; empty when there is none
 */
public record SiblingFiles(
    List<TrainingFile> given, Function<String, Optional<TrainingFile>> lookup) {

  /** No further files. */
  public static final SiblingFiles NONE = new SiblingFiles(List.of(), path -> Optional.empty());

  public SiblingFiles {
    given = List.copyOf(given);
  }

  /** The file behind a path. */
  public Optional<TrainingFile> find(String path) {
    return lookup.apply(path);
  }
}
