package dev.vramcast.tokenizer;

import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.dataset.TokenizerLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code tokenizer.json} with the tokenizers library of Hugging Face, through DJL. */
public final class HuggingFaceLoader implements TokenizerLoader {

  /** Tokenizers with a vocabulary of 256,000 take 33 MB. */
  private static final long LARGEST = 256L << 20;

  @Override
  public TokenCounter load(Path file) {
    String source = Shown.oneLine(file.toString());
    check(file, source);
    return ProcessCounter.start(file, Place.of(source));
  }

  private static void check(Path file, String source) {
    if (!Files.exists(file)) {
      throw InputError.of("no such file").at(Place.of(source)).kind(ErrorKind.NOT_FOUND).refusal();
    }
    if (!Files.isRegularFile(file)) {
      throw InputError.of("is no file")
          .kind(ErrorKind.NOT_FOUND)
          .at(Place.of(source))
          .allowed("a tokenizer.json")
          .refusal();
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw InputError.of("larger than ", LARGEST >> 20, " MiB")
            .at(Place.of(source))
            .kind(ErrorKind.MALFORMED)
            .refusal();
      }
    } catch (IOException e) {
      throw InputError.of("cannot be read: ", Shown.cause(e))
          .at(Place.of(source))
          .kind(ErrorKind.UNREADABLE)
          .refusal(e);
    }
  }
}
