package dev.vramcast.catalog.machine;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program that tells of a driver's devices.
 *
 * @param name of its file
 * @param path folders in which it is looked for, divided as {@code PATH} is
 * @param others folders in which it may stand beside those, looked at last
 * @param timeout after which it is stopped
 */
record DriverProgram(String name, String path, List<Path> others, Duration timeout) {

  private static final int MAX_BYTES = 1 << 20;

  Subject subject() {
    return new Subject.Item(name);
  }

  /** Where it is; empty where it is not. */
  Optional<Path> file() {
    Stream<Path> named =
        Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
            .filter(folder -> !folder.isBlank() && folder.indexOf('\0') < 0)
            .map(Path::of);
    return Stream.concat(named, others.stream())
        .flatMap(folder -> Stream.of(folder.resolve(name), folder.resolve(name + ".exe")))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static String reason(String text) {
    return text.lines().findFirst().map(Shown::oneLine).orElse("without a word");
  }

  /**
   * What it prints; by way of a file, since a pipe stays open as long as any child of the program
   * lives.
   *
   * @throws InputException when it cannot be run, fails, or takes too long
   */
  String answer(Path program, List<String> arguments) {
    try {
      Path output = Files.createTempFile("vramcast", ".txt");
      try {
        int code = run(program, arguments, output);
        String text = beginning(output);
        if (code != 0) {
          throw InputError.about(subject())
              .kind(ErrorKind.UNAVAILABLE)
              .and(" fails: ", reason(text))
              .refusal();
        }
        return text;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw InputError.about(subject())
          .kind(ErrorKind.UNAVAILABLE)
          .and(" cannot be run: ", Shown.cause(e))
          .refusal(e);
    }
  }

  private int run(Path program, List<String> arguments, Path output) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      process.getOutputStream().close();
      if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw InputError.about(subject())
          .kind(ErrorKind.UNAVAILABLE)
          .and(" does not answer within ", timeout.toMillis(), " milliseconds")
          .refusal();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw InputError.about(subject())
          .kind(ErrorKind.UNAVAILABLE)
          .and(" was interrupted")
          .refusal(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }
}
