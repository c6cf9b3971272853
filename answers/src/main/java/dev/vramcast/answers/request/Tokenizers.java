package dev.vramcast.answers.request;

import dev.vramcast.answers.ModuleJar;
import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.dataset.TokenizerLoader;
import java.nio.file.Path;

/** Finds what reads tokenizers. */
final class Tokenizers {

  private static final ModuleJar JAR = new ModuleJar("tokenizer");

  private Tokenizers() {}

  static TokenCounter load(Path file) {
    return JAR.load(TokenizerLoader.class, JobKey.TOKENIZER.path()).load(file);
  }
}
