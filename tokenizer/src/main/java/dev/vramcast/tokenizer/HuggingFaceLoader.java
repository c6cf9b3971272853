package dev.vramcast.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.dataset.TokenizerLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code tokenizer.json} with the tokenizers library of Hugging Face, through DJL. */
public final class HuggingFaceLoader implements TokenizerLoader {

  /** Tokenizers with a vocabulary of 256,000 take 33 MB. */
  private static final long LARGEST = 256L << 20;

  public HuggingFaceLoader() {
    // DJL reports its use, looks for CUDA to download another library for, and asks the network for
    // what it does not find: none of it is wanted for counting tokens.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    System.setProperty("ai.djl.offline", "true");
  }

  @Override
  public TokenCounter load(Path file) {
    String source = Shown.oneLine(file.toString());
    check(file, source);
    checkLibrary();
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optTruncation(false)
              .optPadding(false)
              .build();
      return text -> text.isEmpty() ? 0 : tokenizer.encode(text, false, false).getIds().length;
    } catch (IOException | RuntimeException e) {
      throw InputError.of("not a tokenizer.json: ", reason(e)).at(Place.of(source)).refusal(e);
    }
  }

  /** The native library is there for some systems only, and is unpacked into the user's cache. */
  private static void checkLibrary() {
    try {
      LibUtils.checkStatus();
    } catch (RuntimeException | LinkageError e) {
      throw InputError.of("the tokenizers library does not load on this machine (", reason(e), ")")
          .concerning(JobKey.TOKENIZER)
          .hint("leave out ", JobKey.TOKENIZER)
          .refusal(e);
    }
  }

  private static void check(Path file, String source) {
    if (!Files.exists(file)) {
      throw InputError.of("no such file").at(Place.of(source)).refusal();
    }
    if (!Files.isRegularFile(file)) {
      throw InputError.of("is no file").at(Place.of(source)).allowed("a tokenizer.json").refusal();
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw InputError.of("larger than ", LARGEST >> 20, " MiB").at(Place.of(source)).refusal();
      }
    } catch (IOException e) {
      throw InputError.of("cannot be read").at(Place.of(source)).refusal(e);
    }
  }

  /** What was wrong in the first place. */
  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Shown.cause(cause);
  }
}
