package dev.tunefit.answers.request;

import dev.tunefit.answers.ModuleJar;
import dev.tunefit.core.data.TokenCounter;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.formats.dataset.TokenizerLoader;
import java.nio.file.Path;

/** Finds what reads tokenizers. */
final class Tokenizers {

  private static final ModuleJar JAR = new ModuleJar("tokenizer");

  private Tokenizers() {}

  static TokenCounter load(Path file) {
    return JAR.load(TokenizerLoader.class, JobKey.TOKENIZER.path()).load(file);
  }
}
