package dev.vramcast.answers.request;

import dev.vramcast.catalog.source.ModelRequest.Network;
import java.nio.file.Path;
import java.util.Optional;

/** Where the model and the data of a job may come from, which depends on who asks. */
public sealed interface Sources {

  /** Which version of a model is taken from the Hub: a branch, tag or commit. */
  Optional<String> revision();

  /** What the Hub may be used for. */
  Network network();

  /**
   * Of somebody at this machine, who may name files.
   *
   * @param folder that paths in the job document are relative to
   */
  record Files(Optional<Path> folder, Optional<String> revision, Network network)
      implements Sources {}

  /** Of somebody elsewhere: models by name, and no file that a job names is opened. */
  record NamesOnly(Optional<String> revision, Network network) implements Sources {}
}
