package dev.vramcast.formats.training.rl;

import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;

/** What a program says that Hydra or OmegaConf configures. */
public final class HydraValues {

  private HydraValues() {}

  /** The values on a command line, which are the whole where it names no file; else the file's. */
  public static Node.Fields of(TrainingFile file) {
    return file.form() == Form.COMMAND ? file.command().orElseThrow().values() : file.root();
  }
}
