package dev.vramcast.formats.dataset;

import dev.vramcast.core.data.TokenCounter;
import java.nio.file.Path;

/** Reads a tokenizer; found as a service, since whoever has none need not carry the library. */
public interface TokenizerLoader {

  /**
   * A counter by a Hugging Face {@code tokenizer.json}.
   *
   * @throws dev.vramcast.core.input.InputException when it cannot be read
   */
  TokenCounter load(Path file);
}
