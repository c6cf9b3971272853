package dev.vramcast.catalog.gpu;

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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the driver of this machine which NVIDIA GPUs there are.
 *
 * @param path folders in which {@code nvidia-smi} is looked for, divided as {@code PATH} is
 * @param timeout after which it is stopped
 */
record NvidiaSmi(String path, Duration timeout) {

  private static final String PROGRAM = "nvidia-smi";
  private static final Subject DRIVER = new Subject.Item(PROGRAM);
  private static final List<String> FILES = List.of(PROGRAM, PROGRAM + ".exe");
  private static final List<String> QUERY =
      List.of("--query-gpu=name,memory.total", "--format=csv,noheader,nounits");
  private static final int MAX_BYTES = 1 << 16;
  private static final Pattern LINE = Pattern.compile("(.{1,100}?)\\s*,\\s*(\\d{1,9})(?: MiB)?");

  /**
   * A GPU of this machine.
   *
   * @param name as the driver prints it, e.g. {@code NVIDIA GeForce RTX 3090}
   * @param mebibytes total memory
   */
  record Card(String name, long mebibytes) {}

  /**
   * The cards in the driver's order, at least one.
   *
   * @throws InputException when there is no {@code nvidia-smi}, or it does not answer as it should
   */
  List<Card> cards() {
    List<Card> cards =
        answer(program())
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(NvidiaSmi::card)
            .toList();
    if (cards.isEmpty()) {
      throw InputError.about(DRIVER).and(" lists no GPU").refusal();
    }
    return cards;
  }

  private static Card card(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches() || Long.parseLong(matcher.group(2)) == 0) {
      throw InputError.about(DRIVER)
          .and(" prints ", Shown.given(line))
          .allowed("a name and its MiB of memory")
          .refusal();
    }
    return new Card(matcher.group(1), Long.parseLong(matcher.group(2)));
  }

  private Path program() {
    return Arrays.stream(path.split(Pattern.quote(File.pathSeparator)))
        .filter(folder -> !folder.isBlank() && folder.indexOf('\0') < 0)
        .flatMap(folder -> FILES.stream().map(name -> Path.of(folder, name)))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(
            () ->
                InputError.of("no local GPU is found, because there is no ", PROGRAM, " in PATH")
                    .refusal());
  }

  /** By way of a file, since a pipe stays open as long as any child of the program lives. */
  private String answer(Path program) {
    try {
      Path output = Files.createTempFile("vramcast", ".txt");
      try {
        int code = run(program, output);
        String text = beginning(output);
        if (code != 0) {
          String reason = text.lines().findFirst().map(Shown::oneLine).orElse("without a word");
          throw InputError.about(DRIVER).and(" fails: ", reason).refusal();
        }
        return text;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw InputError.about(DRIVER).and(" cannot be run: ", Shown.cause(e)).refusal(e);
    }
  }

  private int run(Path program, Path output) throws IOException {
    Process process =
        new ProcessBuilder(program.toString(), QUERY.get(0), QUERY.get(1))
            .redirectOutput(output.toFile())
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      process.getOutputStream().close();
      if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw InputError.about(DRIVER)
          .and(" does not answer within ", timeout.toMillis(), " milliseconds")
          .refusal();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw InputError.about(DRIVER).and(" was interrupted").refusal(e);
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
