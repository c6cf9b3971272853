package dev.vramcast.formats.training;

import dev.vramcast.formats.training.text.TrainingFile;

/** Reads the training files of one format. A reader keeps no state. */
public interface ConfigReader {

  /** The format it reads. */
  FormatName name();

  /** The keys of the format. */
  KeyTable keys();

  /** How surely the file is of this format, from its content. */
  Recognition recognises(TrainingFile file);

  /**
   * Reads a file of this format. A key that is not known is a finding; so is a value that cannot be
   * used, which is refused only when the job needs it.
   *
   * @throws dev.vramcast.core.input.InputException when nothing of the file can be used
   */
  Reading read(TrainingFile file, SiblingFiles siblings);
}
