package dev.vramcast.tokenizer;

import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Asks a {@link TokenizerProcess}, which may end at any time. */
final class ProcessCounter implements TokenCounter {

  private final Place place;
  private final Process process;
  private final DataOutputStream texts;
  private final DataInputStream numbers;

  private ProcessCounter(Place place, Process process) {
    this.place = place;
    this.process = process;
    this.texts = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    this.numbers = new DataInputStream(process.getInputStream());
  }

  /**
   * Starts one.
   *
   * @throws InputException when the file is no tokenizer, or nothing can read one here
   */
  static ProcessCounter start(Path file, Place place) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder command =
        new ProcessBuilder(
            List.of(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                classPath(),
                TokenizerProcess.class.getName(),
                file.toAbsolutePath().toString()));
    command.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      ProcessCounter counter = new ProcessCounter(place, command.start());
      counter.begin();
      return counter;
    } catch (IOException e) {
      throw unreadable(Shown.cause(e)).at(place).refusal(e);
    }
  }

  private void begin() throws IOException {
    try {
      int state = numbers.readUnsignedByte();
      if (state == TokenizerProcess.READY) {
        return;
      }
      String reason = Shown.oneLine(numbers.readUTF().lines().findFirst().orElse(""));
      throw state == TokenizerProcess.NO_LIBRARY
          ? noLibrary(reason).refusal()
          : unreadable(reason).at(place).refusal();
    } catch (EOFException e) {
      throw unreadable("the tokenizers library gives up on it").at(place).refusal(e);
    } catch (InputException e) {
      close();
      throw e;
    }
  }

  @Override
  public synchronized long count(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      texts.writeInt(bytes.length);
      texts.write(bytes);
      texts.flush();
      long count = numbers.readLong();
      if (count == TokenizerProcess.FAILED) {
        throw InputError.of("does not encode ", Shown.given(text))
            .kind(ErrorKind.MALFORMED)
            .at(place)
            .refusal();
      }
      return count;
    } catch (IOException e) {
      close();
      throw InputError.of("the tokenizers library gives up at ", Shown.given(text))
          .kind(ErrorKind.UNAVAILABLE)
          .at(place)
          .refusal(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }

  /** The jar in which the library is too, and the class path, where it is in tests. */
  private static String classPath() {
    try {
      Path own =
          Path.of(ProcessCounter.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return own + File.pathSeparator + System.getProperty("java.class.path");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputError unreadable(String reason) {
    return InputError.of("not a tokenizer.json: ", reason).kind(ErrorKind.MALFORMED);
  }

  private static InputError noLibrary(String reason) {
    return InputError.of("the tokenizers library does not load on this machine (", reason, ")")
        .kind(ErrorKind.UNAVAILABLE)
        .concerning(JobKey.TOKENIZER)
        .hint("leave out ", JobKey.TOKENIZER);
  }
}
